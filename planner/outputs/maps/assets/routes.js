// The routes map: all vehicles or one, arrows along the ways, what is carried both ways, and the day as it passes.
planner.routes = {
  all: [], // of each vehicle: layer, colour, name, day, legs, marker
  day: 0,
  arrows: true,
  loads: false,
  now: 0,
  playing: 0,
  canvas: null,
  drawn: [], // where arrows are, and their angles

  start(map, data) {
    const { routes } = planner;
    routes.map = map;
    routes.words = data.route_words;
    routes.all = data.routes.map((route) => ({ ...route, legs: routes.legsOf(route.layer), marker: routes.marker(route) }));
    routes.slider = document.getElementById("time");
    routes.now = Number(routes.slider.value);
    routes.canvas = document.createElement("canvas");
    routes.canvas.className = "leaflet-arrows leaflet-zoom-hide";
    const pane = map.createPane("arrows"); // over the ways, under the stops
    pane.style.zIndex = 450;
    pane.style.pointerEvents = "none";
    pane.append(routes.canvas);
    map.on("moveend viewreset resize layeradd layerremove", routes.soon);
    const days = document.getElementById("days");
    if (days) document.getElementById("rows")?.before(days);
    routes.controls();
    routes.corner();
    const [first] = routes.all.filter(({ layer }) => map.hasLayer(planner.layers[layer]));
    routes.toDay(first ? first.day : data.others_of_day.length - 1, true);
  },

  // The legs of a layer: their way in (lon, lat), when they are driven, and what is on board as a share of the room.
  legsOf(layer) {
    const parts = planner.parts[layer].filter((part) => part.feature.properties.leg);
    return parts.map((part) => {
      const { drive, down, up } = part.feature.properties.leg;
      return { way: part.getLatLngs(), drive, down, up };
    });
  },

  marker({ colour, name }) {
    const short = planner.escape((/\d+$/.exec(name) || [name.slice(0, 3)])[0]);
    const icon = L.divIcon({ html: `<div class="vehicle" style="background:${colour}">${short}</div>`, className: "", iconSize: [0, 0] });
    return L.marker([0, 0], { icon, keyboard: false, interactive: true, zIndexOffset: 3000 }).bindTooltip(planner.escape(name));
  },

  controls() {
    const { routes } = planner;
    for (const button of document.querySelectorAll("#routes [data-vehicles]")) {
      button.addEventListener("click", () => routes.showAll(button.dataset.vehicles === "all"));
    }
    for (const button of document.querySelectorAll("#routes [data-switch]")) {
      button.addEventListener("click", () => {
        const name = button.dataset.switch;
        routes[name] = !routes[name];
        button.setAttribute("aria-pressed", String(routes[name]));
        document.getElementById("loads-key").hidden = !routes.loads;
        routes.draw();
      });
    }
    for (const button of document.querySelectorAll("#days button")) {
      button.addEventListener("click", () => routes.toDay(Number(button.dataset.day)));
    }
    routes.slider.addEventListener("input", () => routes.toTime(Number(routes.slider.value)));
    document.getElementById("play").addEventListener("click", () => routes.play(!routes.playing));
    const bringOut = planner.bringOut;
    planner.bringOut = (number) => {
      if (number >= 0) routes.show(number, true);
      bringOut(number);
      routes.chosen();
    };
  },

  // The player lies on the map, where it is seen on a phone, too.
  corner() {
    const Corner = L.Control.extend({ onAdd: () => document.getElementById("player") });
    const box = document.getElementById("player");
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    new Corner({ position: "bottomleft" }).addTo(planner.routes.map);
    const above = () => { // on a narrow map the attribution takes the whole width
      const said = planner.map.attributionControl.getContainer();
      const beside = box.offsetWidth + said.offsetWidth + 20 < planner.map.getSize().x;
      box.parentElement.style.bottom = beside ? "0" : `${said.offsetHeight}px`;
    };
    planner.map.on("resize", above);
    above();
  },

  ofDay() {
    return planner.routes.all.filter((route) => route.day === planner.routes.day);
  },

  show(layer, wanted) {
    const box = document.querySelector(`#layers [data-layer="${layer}"]`);
    if (box) box.checked = wanted;
    if (planner.map.hasLayer(planner.layers[layer]) !== wanted) planner.show(layer, wanted);
  },

  showAll(wanted) {
    planner.bringOut(-1);
    for (const { layer } of planner.routes.ofDay()) planner.routes.show(layer, wanted);
    planner.routes.draw();
  },

  // One day at a time: the others' vehicles and missed stops are off the map and out of the table.
  toDay(number, asItIs = false) {
    const { routes } = planner;
    routes.day = number;
    if (!asItIs) planner.bringOut(-1);
    for (const { layer, day } of routes.all) {
      if (!asItIs) routes.show(layer, day === number);
      const button = document.querySelector(`#rows [data-layer="${layer}"]`);
      if (button) button.closest("tr").hidden = day !== number;
      const box = document.querySelector(`#layers [data-layer="${layer}"]`);
      if (box) box.closest("section").hidden = day !== number;
    }
    planner.data.others_of_day.forEach((layers, day) => {
      for (const layer of layers) if (!asItIs) routes.show(layer, day === number);
    });
    for (const button of document.querySelectorAll("#days button")) {
      const pressed = Number(button.dataset.day) === number;
      button.setAttribute("aria-pressed", String(pressed));
      if (pressed) document.getElementById("stage").textContent = button.textContent; // a printed sheet says it, too
    }
    routes.chosen();
  },

  chosen() {
    for (const figure of document.querySelectorAll("#routes figure")) {
      figure.hidden = Number(figure.dataset.layer) !== planner.chosen;
    }
    const one = planner.routes.all.some((route) => route.layer === planner.chosen);
    document.getElementById("profile-key").hidden = !one;
    document.getElementById("choose-one").hidden = one;
    planner.routes.toTime(planner.routes.now);
    planner.routes.draw();
  },

  inView() {
    const { map } = planner.routes;
    return planner.routes.ofDay().filter((route) => map.hasLayer(planner.layers[route.layer]));
  },

  soon() {
    if (planner.routes.waiting) return;
    planner.routes.waiting = true;
    Promise.resolve().then(() => {
      planner.routes.waiting = false;
      planner.routes.draw();
    });
  },

  draw() {
    const { map, canvas } = planner.routes;
    const size = map.getSize();
    const ratio = window.devicePixelRatio || 1;
    const origin = map.containerPointToLayerPoint([0, 0]);
    L.DomUtil.setPosition(canvas, origin);
    canvas.width = size.x * ratio;
    canvas.height = size.y * ratio;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    planner.routes.drawn = [];
    for (const route of planner.routes.inView()) {
      if (planner.chosen >= 0 && route.layer !== planner.chosen) continue;
      for (const leg of route.legs) {
        const points = leg.way.map((at) => map.latLngToContainerPoint(at));
        if (planner.routes.loads) planner.routes.sides(pen, points, leg);
        if (planner.routes.arrows) planner.routes.arrowsAlong(pen, points, route.colour);
      }
    }
  },

  // Load down to the right of the way, load up to the left, as thick as they fill the vehicle.
  sides(pen, points, { down, up }) {
    for (const [share, colour, side] of [[down, "#0072b2", 1], [up, "#d55e00", -1]]) {
      if (share <= 0) continue;
      const wide = 1.5 + 9 * Math.min(1, share);
      pen.strokeStyle = colour;
      pen.lineWidth = wide;
      pen.lineJoin = pen.lineCap = "round";
      pen.globalAlpha = 0.8;
      pen.beginPath();
      for (let i = 1; i < points.length; i++) {
        const [a, b] = [points[i - 1], points[i]];
        const long = a.distanceTo(b);
        if (long < 0.01) continue;
        const off = side * (wide / 2 + 3);
        const [dx, dy] = [(-(b.y - a.y) / long) * off, ((b.x - a.x) / long) * off];
        pen.moveTo(a.x + dx, a.y + dy);
        pen.lineTo(b.x + dx, b.y + dy);
      }
      pen.stroke();
      pen.globalAlpha = 1;
    }
  },

  // An arrow every 80 pixels of a leg, one on short ones, none on those that are shorter than an arrow is long.
  arrowsAlong(pen, points, colour) {
    const long = points.reduce((sum, at, i) => sum + (i ? at.distanceTo(points[i - 1]) : 0), 0);
    if (long < 16) return;
    const count = Math.max(1, Math.round(long / 80));
    for (let k = 0; k < count; k++) {
      const at = planner.routes.along(points, (long * (k + 0.5)) / count);
      pen.save();
      pen.translate(at.x, at.y);
      pen.rotate(at.angle);
      pen.beginPath();
      pen.moveTo(7, 0);
      pen.lineTo(-5, -6);
      pen.lineTo(-2, 0);
      pen.lineTo(-5, 6);
      pen.closePath();
      pen.fillStyle = colour;
      pen.strokeStyle = "#ffffff";
      pen.lineWidth = 1.5;
      pen.stroke();
      pen.fill();
      pen.restore();
      planner.routes.drawn.push(at);
    }
  },

  along(points, wanted) {
    let left = wanted;
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1], points[i]];
      const long = a.distanceTo(b);
      if (left <= long && long > 0) {
        const part = left / long;
        return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part, angle: Math.atan2(b.y - a.y, b.x - a.x) };
      }
      left -= long;
    }
    const last = points[points.length - 1];
    return { x: last.x, y: last.y, angle: 0 };
  },

  // Where a vehicle is at a time: along its way by the share of the leg's driving that is behind it.
  place(route, now) {
    const begun = route.legs.filter((leg) => leg.drive.length && leg.drive[0][0] <= now);
    if (!begun.length) {
      const first = route.legs[0];
      return first ? { at: first.way[0], home: true } : null;
    }
    const leg = begun[begun.length - 1];
    const whole = leg.drive.reduce((sum, [from, to]) => sum + to - from, 0);
    const done = leg.drive.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(now, to) - from), 0);
    const flat = leg.way.map((at) => L.CRS.EPSG3857.project(at));
    const long = flat.reduce((sum, at, i) => sum + (i ? at.distanceTo(flat[i - 1]) : 0), 0);
    const at = planner.routes.along(flat, long * Math.min(1, done / whole));
    const home = done >= whole && leg === route.legs[route.legs.length - 1];
    return { at: L.CRS.EPSG3857.unproject(L.point(at.x, at.y)), home };
  },

  // Vehicles are in view once the day has been moved from its first minute.
  toTime(now) {
    const { routes, chosen } = planner;
    routes.now = now;
    routes.slider.value = now;
    const minutes = Math.floor(now / 60 + 0.5);
    const said = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
    document.getElementById("clock").textContent = said;
    routes.slider.setAttribute("aria-valuetext", said);
    const moving = routes.playing || now > Number(routes.slider.min);
    const inView = new Set(moving ? routes.inView() : []);
    for (const route of routes.all) {
      const found = inView.has(route) && (chosen < 0 || chosen === route.layer) ? routes.place(route, now) : null;
      if (!found) {
        route.marker.remove();
        continue;
      }
      route.marker.setLatLng(found.at);
      if (!routes.map.hasLayer(route.marker)) route.marker.addTo(routes.map);
      route.marker.getElement().firstChild.classList.toggle("home", found.home);
    }
    const drawing = document.querySelector("#routes figure:not([hidden]) svg.profile");
    if (!drawing) return;
    const x = 34 + (now - Number(drawing.dataset.from)) * Number(drawing.dataset.scale);
    const mark = drawing.querySelector(".now");
    mark.setAttribute("transform", `translate(${x.toFixed(1)} 0)`);
    mark.setAttribute("visibility", moving && x >= 34 && x <= 332 ? "visible" : "hidden");
  },

  // Who asked for less motion sees the day in steps of a second each.
  play(wanted) {
    const { routes } = planner;
    const button = document.getElementById("play");
    button.setAttribute("aria-pressed", String(wanted));
    button.title = wanted ? routes.words.pause : routes.words.play;
    button.setAttribute("aria-label", button.title);
    window.clearTimeout(routes.playing);
    window.cancelAnimationFrame(routes.playing);
    routes.playing = 0;
    if (!wanted) return;
    const last = Number(routes.slider.max);
    if (routes.now >= last) routes.now = Number(routes.slider.min);
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const next = (step) => (still ? window.setTimeout(() => step(performance.now()), 1000) : window.requestAnimationFrame(step));
    let before = performance.now();
    const step = (at) => {
      const passed = still ? 1 : Math.min(0.25, Math.max(0, at - before) / 1000);
      before = at;
      const now = Math.min(last, routes.now + passed * Number(document.getElementById("speed").value));
      routes.playing = next(step);
      routes.toTime(now);
      if (now >= last) routes.play(false);
    };
    routes.playing = next(step);
  },
};
planner.additions.push(planner.routes.start);
