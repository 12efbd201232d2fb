// Map pictures under the plan's own layers, asked for only where a provider was chosen and, if it needs one, with a key.
// Amap's are in GCJ-02: the projection shifts what is drawn onto them. Formula as in planner/geodata/datum.py, from
// https://en.wikipedia.org/wiki/Restrictions_on_geographic_data_in_China
planner.gcj = {
  axis: 6378245, // metres, Krassowsky 1940
  flat: 0.00669342162296594323,

  from([lon, lat]) {
    if (lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271) return [lon, lat];
    const { sin, cos, sqrt, abs, PI } = Math;
    const [x, y] = [lon - 105, lat - 35];
    const ripple = ((20 * sin(6 * PI * x) + 20 * sin(2 * PI * x)) * 2) / 3;
    let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple;
    north += ((20 * sin(PI * y) + 40 * sin((PI / 3) * y)) * 2) / 3;
    north += ((160 * sin((PI / 12) * y) + 320 * sin((PI / 30) * y)) * 2) / 3;
    let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple;
    east += ((20 * sin(PI * x) + 40 * sin((PI / 3) * x)) * 2) / 3;
    east += ((150 * sin((PI / 12) * x) + 300 * sin((PI / 30) * x)) * 2) / 3;
    const radians = (lat * PI) / 180;
    const bent = 1 - planner.gcj.flat * sin(radians) ** 2;
    const meridian = (planner.gcj.axis * (1 - planner.gcj.flat)) / bent ** 1.5;
    const parallel = (planner.gcj.axis / sqrt(bent)) * cos(radians);
    return [lon + ((east / parallel) * 180) / PI, lat + ((north / meridian) * 180) / PI];
  },

  // No closed inverse: a guess is corrected by the error that it makes.
  to([lon, lat]) {
    let guess = [lon, lat];
    for (let i = 0; i < 6; i++) {
      const there = planner.gcj.from(guess);
      guess = [guess[0] + lon - there[0], guess[1] + lat - there[1]];
    }
    return guess;
  },
};

planner.basemap = {
  layers: [],

  start(map, data) {
    const { basemap } = planner;
    basemap.given = data.basemap;
    basemap.map = map;
    basemap.key = data.basemap.key;
    const flat = L.Projection.SphericalMercator;
    basemap.shifted = L.extend({}, L.CRS.EPSG3857, {
      projection: {
        bounds: flat.bounds,
        project: ({ lat, lng }) => flat.project(L.latLng(planner.gcj.from([lng, lat]).reverse())),
        unproject(point) {
          const { lat, lng } = flat.unproject(point);
          return L.latLng(planner.gcj.to([lng, lat]).reverse());
        },
      },
    });
    for (const button of document.querySelectorAll("[data-basemap]")) {
      button.addEventListener("click", () => basemap.use(Boolean(button.dataset.basemap)));
    }
    const form = document.getElementById("map-key");
    if (form) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        basemap.key = form.querySelector("input").value.trim();
        basemap.use(Boolean(basemap.key));
      });
    }
    basemap.use(true);
  },

  use(wanted) {
    const { basemap } = planner;
    const { given, map } = basemap;
    const lacking = given.by_key && !basemap.key;
    const form = document.getElementById("map-key");
    if (form) form.hidden = !(wanted && lacking);
    const on = wanted && !lacking;
    for (const layer of basemap.layers) layer.remove();
    basemap.layers = [];
    const [center, zoom] = [map.getCenter(), map.getZoom()];
    map.options.crs = on && given.shifted ? basemap.shifted : L.CRS.EPSG3857;
    map.setView(center, zoom, { reset: true });
    if (on) {
      basemap.layers = given.tiles.map((tiles) => L.tileLayer(tiles, {
        key: encodeURIComponent(basemap.key),
        subdomains: given.servers || "a",
        maxZoom: 22,
        maxNativeZoom: given.deepest,
        attribution: planner.escape(given.attribution),
      }).addTo(map));
    }
    for (const button of document.querySelectorAll("[data-basemap]")) {
      button.setAttribute("aria-pressed", String(Boolean(button.dataset.basemap) === on));
    }
  },
};
planner.additions.push(planner.basemap.start);
