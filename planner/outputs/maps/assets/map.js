// What both maps do: draw a feature as its properties say, find a place by name, zoom to a route.
const planner = {
  popups: new Map(),

  point(feature, latlng) {
    const { icon, size, style, name } = feature.properties;
    if (!icon) return L.circleMarker(latlng, style);
    const drawn = L.divIcon({ html: icon, className: "symbol", iconSize: size ? [size, size] : [0, 0] });
    return L.marker(latlng, { icon: drawn, alt: name || "", interactive: Boolean(feature.properties.popup) });
  },

  bind(feature, layer) {
    const { id, popup, tooltip } = feature.properties;
    if (popup) layer.bindPopup(popup, { maxWidth: 340 });
    if (popup && id) planner.popups.set(id, popup);
    if (tooltip) layer.bindTooltip(planner.escape(tooltip), { sticky: true });
  },

  start(map, { bounds, search, attribution }) {
    map.attributionControl.setPrefix("Leaflet");
    for (const text of attribution) map.attributionControl.addAttribution(planner.escape(text));
    L.control.scale({ imperial: false, position: "topleft" }).addTo(map);
    if (window.matchMedia("(max-width: 760px)").matches) {
      for (const part of document.querySelectorAll("#panel details")) part.open = false;
    }
    map.invalidateSize();
    map.fitBounds(bounds, { padding: [10, 10], animate: false });
    for (const button of document.querySelectorAll("#panel [data-bounds]")) {
      button.addEventListener("click", () => map.fitBounds(JSON.parse(button.dataset.bounds), { padding: [30, 30] }));
    }
    map.on("overlayadd", () => planner.inOrder(map));
    planner.searchBox(map, search);
  },

  // A layer that is switched on later would hide those drawn over it before: put all back in the order of the page.
  inOrder(map) {
    const layers = [];
    map.eachLayer((layer) => layer instanceof L.GeoJSON && layers.push(layer));
    for (const layer of layers.sort((a, b) => L.stamp(a) - L.stamp(b))) layer.bringToFront();
  },

  escape(text) {
    const holder = document.createElement("span");
    holder.textContent = text;
    return holder.innerHTML;
  },

  // Chinese as written, Latin without accents, spaces and case: "xin fu", "Xīnfú" and "xinfu" are the same.
  plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f\s'’-]/g, "").toLowerCase();
  },

  // 0 the whole name, 1 its beginning, 2 a part of it, 3 not at all.
  rank(keys, wanted) {
    return Math.min(...keys.map((key) => {
      if (key === wanted) return 0;
      return key.startsWith(wanted) ? 1 : key.includes(wanted) ? 2 : 3;
    }));
  },

  searchBox(map, places) {
    const query = document.getElementById("query");
    const found = document.getElementById("found");
    const keys = places.map((place) => [place.name, place.latin, place.initials, place.id].map(planner.plain));
    let shown = [];
    let chosen = 0;

    const go = (place) => {
      found.replaceChildren();
      query.value = place.name;
      map.setView([place.lat, place.lon], Math.max(map.getZoom(), 13), { animate: false });
      const content = planner.popups.get(place.id) || `<b>${planner.escape(place.name)}</b>`;
      L.popup({ maxWidth: 340 }).setLatLng([place.lat, place.lon]).setContent(content).openOn(map);
    };
    const list = () => {
      const wanted = planner.plain(query.value);
      const hits = places.map((place, i) => ({ place, rank: planner.rank(keys[i], wanted) }));
      hits.sort((a, b) => a.rank - b.rank);
      shown = wanted ? hits.filter((hit) => hit.rank < 3).slice(0, 8).map((hit) => hit.place) : [];
      chosen = 0;
      draw(wanted);
    };
    const draw = (wanted) => {
      found.replaceChildren(...shown.map((place, i) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = [place.name, place.latin, place.where].filter(Boolean).join(" · ");
        button.addEventListener("click", () => go(place));
        item.classList.toggle("chosen", i === chosen);
        item.append(button);
        return item;
      }));
      if (wanted && !shown.length) {
        const item = document.createElement("li");
        item.className = "none";
        item.textContent = "没有找到 nothing found";
        found.append(item);
      }
    };
    query.addEventListener("input", list);
    query.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && shown.length) {
        event.preventDefault();
        chosen = (chosen + step + shown.length) % shown.length;
        draw(query.value);
      }
    });
    document.getElementById("search").addEventListener("submit", (event) => {
      event.preventDefault();
      if (!shown.length) list();
      if (shown.length) go(shown[chosen]);
    });
  },
};
