// What all maps do: draw a feature as its properties say, show a stage, find a place by name, keep the view in the address.
const planner = {
  additions: [], // functions that this kind of map has beside: called with map and data when all is drawn
  layers: [], // as the page lists them
  parts: [], // of each layer, whether in view or not
  found: new Map(), // by a place's id, what has its pop-up
  data: null,
  map: null,
  stage: 0,
  near: 9.5, // zoom below which symbols and names would crowd
  chosen: -1, // the layer that is brought out

  point(feature, latlng) {
    const { icon, size, style, name } = feature.properties;
    if (!icon) return L.circleMarker(latlng, style);
    const drawn = L.divIcon({ html: icon, className: "symbol", iconSize: size ? [size, size] : [0, 0] });
    const { popup, tooltip, of } = feature.properties;
    const label = !size; // names of places lie over all symbols
    return L.marker(latlng, {
      icon: drawn,
      alt: name || "",
      interactive: Boolean(popup || tooltip || of),
      zIndexOffset: label ? 1000 : 0,
    });
  },

  bind(feature, layer) {
    const { id, popup, tooltip, style, of } = feature.properties;
    if (style && style.fillColor === "hatched") style.fillColor = planner.hatching();
    if (popup) layer.bindPopup(() => planner.popup(feature.properties), { maxWidth: 340 });
    if (popup && id && !planner.found.has(id)) planner.found.set(id, feature.properties);
    if (of) layer.bindPopup(() => planner.popup(planner.found.get(of)), { maxWidth: 340 });
    if (tooltip) layer.bindTooltip(planner.escape(tooltip), { sticky: true });
  },

  start(map, data) {
    planner.map = map;
    planner.data = data;
    planner.parts = planner.layers.map((layer) => layer.getLayers());
    map.attributionControl.setPrefix("Leaflet");
    for (const text of data.attribution) map.attributionControl.addAttribution(planner.escape(text));
    planner.controls(map, data.words);
    map.on("zoomend", () => map.getContainer().classList.toggle("far", map.getZoom() < planner.near));
    map.invalidateSize();
    map.fitBounds(data.bounds, { padding: [10, 10], animate: false });
    for (const box of document.querySelectorAll("#layers input")) {
      box.addEventListener("change", () => planner.show(Number(box.dataset.layer), box.checked));
    }
    for (const button of document.querySelectorAll("#rows [data-bounds]")) {
      button.addEventListener("click", () => {
        const layer = Number(button.dataset.layer);
        planner.bringOut(layer === planner.chosen ? -1 : layer);
        map.fitBounds(JSON.parse(button.dataset.bounds), { padding: [30, 30] });
      });
    }
    for (const button of document.querySelectorAll("#stages button")) {
      button.addEventListener("click", () => planner.toStage(Number(button.dataset.stage)));
    }
    planner.stage = Math.max(data.stages.length - 1, 0);
    planner.readAddress();
    planner.toStage(planner.stage);
    map.on("moveend", planner.keepView);
    planner.searchBox(map, data.search);
    for (const addition of planner.additions) addition(map, data);
  },

  controls(map, words) {
    const scale = L.control.scale({ imperial: false, position: "topleft" });
    const update = scale._updateScale;
    scale._updateScale = (line, text, ratio) =>
      update.call(scale, line, text.replace("km", words.kilometres).replace(/m$/, words.metres), ratio);
    scale.addTo(map);
    for (const [part, word] of [["in", words.zoom_in], ["out", words.zoom_out]]) {
      const button = document.querySelector(`.leaflet-control-zoom-${part}`);
      button.title = word;
      button.setAttribute("aria-label", word);
    }
    map.on("popupopen", ({ popup }) => {
      const button = popup.getElement().querySelector(".leaflet-popup-close-button");
      if (button) button.setAttribute("aria-label", words.close);
    });
  },

  // Grey lines on white, for what is not known: a canvas fills with a pattern as with a colour.
  hatching() {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = "#767676";
    pen.lineWidth = 1.5;
    for (const shift of [-8, 0, 8]) {
      pen.moveTo(shift, 8);
      pen.lineTo(shift + 8, 0);
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  },

  show(number, wanted) {
    const layer = planner.layers[number];
    if (wanted) layer.addTo(planner.map);
    else layer.remove();
    planner.inOrder();
    planner.keepView();
    planner.map.fire("layers", { layer: number });
  },

  // A layer that is switched on later would hide those drawn over it before: put all back in the order of the page.
  inOrder() {
    for (const layer of planner.layers) if (planner.map.hasLayer(layer)) layer.bringToFront();
  },

  // Show what is open at a stage; villages take the colour of that stage's hand-over.
  toStage(number) {
    const stage = planner.data.stages[number];
    if (!stage) return;
    planner.stage = number;
    planner.map.closePopup();
    planner.layers.forEach((layer, at) => {
      for (const part of planner.parts[at]) {
        const { stages, v, style } = part.feature.properties;
        if (stages && stages.includes(number) !== layer.hasLayer(part)) {
          if (stages.includes(number)) layer.addLayer(part);
          else layer.removeLayer(part);
        }
        if (v === undefined) continue;
        const colour = planner.data.colours[stage.step[v]];
        part.setStyle({ ...style, fillColor: colour === "hatched" ? planner.hatching() : colour });
      }
      const box = document.querySelector(`#layers [data-layer="${at}"]`);
      if (box) {
        box.disabled = layer.getLayers().length === 0;
        box.parentElement.title = box.disabled ? planner.data.words.finished : "";
      }
    });
    planner.inOrder();
    for (const button of document.querySelectorAll("#stages button")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.stage) === number));
    }
    document.getElementById("stage").textContent = planner.data.stages.length > 1 ? stage.said : "";
    planner.keepView();
    planner.map.fire("stage", { number });
  },

  // One route at a time stands out, the others fade; -1 is all of them.
  bringOut(number) {
    planner.chosen = number;
    const buttons = [...document.querySelectorAll("#rows [data-layer]")];
    for (const button of buttons) button.setAttribute("aria-pressed", String(Number(button.dataset.layer) === number));
    for (const at of buttons.map((button) => Number(button.dataset.layer))) {
      const strength = number < 0 || at === number ? 1 : 0.2;
      for (const part of planner.parts[at]) {
        if (part.setStyle) part.setStyle({ opacity: 0.85 * strength });
        else part.setOpacity(strength);
      }
    }
  },

  popup({ popup, id, v, finished }) {
    const { labels, stages } = planner.data;
    const stage = stages[planner.stage];
    const rows = [...popup.rows];
    if (stage && v !== undefined) {
      const last = planner.stage === stages.length - 1 ? finished : [];
      rows.unshift([labels.state, stage.state[v]], ...last, [labels.way, stage.way[v]]);
    }
    if (stage && stage.serves[id]) rows.splice(1, 0, [labels.serves, stage.serves[id]]);
    const holder = document.createElement("div");
    holder.append(document.createElement("b"), document.createElement("table"));
    holder.firstChild.textContent = popup.title;
    for (const row of rows) {
      const line = holder.lastChild.insertRow();
      for (const text of row) line.insertCell().textContent = text;
    }
    return holder;
  },

  // What the reader looks at goes into the links to the page in the other language.
  keepView() {
    const { lat, lng } = planner.map.getCenter();
    const shown = planner.layers.flatMap((layer, at) => (planner.map.hasLayer(layer) ? [at] : []));
    const parts = [planner.map.getZoom(), lat.toFixed(5), lng.toFixed(5), planner.stage, shown.join(".")];
    for (const link of document.querySelectorAll("#panel .switch a")) {
      const asked = new URLSearchParams(window.location.search);
      if (link.getAttribute("href").startsWith("?")) {
        asked.set("lang", link.hreflang);
        link.search = asked;
      }
      link.hash = `view=${parts.join("/")}`;
    }
  },

  readAddress() {
    const number = "(-?\\d+(?:\\.\\d+)?)";
    const view = new RegExp(`^#view=${number}/${number}/${number}/(\\d+)/([\\d.]*)$`).exec(window.location.hash);
    if (!view) return;
    const [zoom, lat, lon, stage] = view.slice(1, 5).map(Number);
    planner.map.setView([lat, lon], zoom, { animate: false });
    if (planner.data.stages[stage]) planner.stage = stage;
    const shown = new Set(view[5].split("."));
    for (const box of document.querySelectorAll("#layers input")) {
      box.checked = shown.has(box.dataset.layer);
      planner.show(Number(box.dataset.layer), box.checked);
    }
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
      query.value = place.shown;
      map.setView([place.lat, place.lon], Math.max(map.getZoom(), 13), { animate: false });
      const properties = planner.found.get(place.id) || { popup: { title: place.shown, rows: [] } };
      L.popup({ maxWidth: 340 }).setLatLng([place.lat, place.lon]).setContent(planner.popup(properties)).openOn(map);
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
        button.textContent = [place.shown, place.where].filter(Boolean).join(" · ");
        button.addEventListener("click", () => go(place));
        item.classList.toggle("chosen", i === chosen);
        item.append(button);
        return item;
      }));
      if (wanted && !shown.length) {
        const item = document.createElement("li");
        item.className = "none";
        item.textContent = planner.data.words.nothing;
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
