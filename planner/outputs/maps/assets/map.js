// What all maps do: draw the layers, show them or not, say what is known of a place, keep the view in the address.
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

  start(map) {
    const data = JSON.parse(document.getElementById("data").textContent);
    planner.map = map;
    planner.data = data;
    map.attributionControl.setPrefix("Leaflet");
    for (const text of data.attribution) map.attributionControl.addAttribution(planner.escape(text));
    planner.controls(map, data.words);
    map.invalidateSize();
    map.fitBounds(data.bounds, { padding: [10, 10], animate: false });
    planner.stage = Math.max(data.stages.length - 1, 0);
    const symbols = (layer) => (layer.columns.some(([name]) => name === "size") ? layer.count : 0);
    planner.painted = data.layers.reduce((sum, layer) => sum + symbols(layer), 0) > planner.most;
    for (const layer of data.layers) {
      const [group, parts] = planner.drawLayer(layer);
      planner.layers.push(group);
      planner.parts.push(parts);
    }
    planner.readPictures();
    planner.readStages();
    map.on("zoomend", planner.fit);
    planner.listen(map);
    planner.readAddress();
    planner.layers.forEach((group, at) => {
      const box = document.querySelector(`#layers [data-layer="${at}"]`);
      if (box ? box.checked : data.layers[at].show) group.addTo(map);
    });
    planner.fit();
    planner.toStage(planner.stage);
    map.on("moveend", planner.keepView);
    planner.searchBox(map, data.search);
    for (const addition of planner.additions) addition(map, data);
  },

  listen(map) {
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
    const slider = document.getElementById("year");
    if (slider) slider.addEventListener("input", () => planner.toStage(Number(slider.value)));
  },

  controls(map, words) {
    const scale = L.control.scale({ imperial: false, position: "topleft" });
    const update = scale._updateScale;
    scale._updateScale = (line, text, ratio) =>
      update.call(scale, line, text.replace("km", words.kilometres).replace(/m$/, words.metres), ratio);
    scale.addTo(map);
    planner.foldButton(map, words.panel);
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

  // The panel gives its room to the map, and takes it again; on a phone it lies below the map and stays.
  foldButton(map, word) {
    const control = L.control({ position: "topleft" });
    control.onAdd = () => {
      const holder = L.DomUtil.create("div", "leaflet-bar fold");
      const button = L.DomUtil.create("button", "", holder);
      Object.assign(button, { type: "button", title: word, textContent: "«" });
      button.setAttribute("aria-label", word);
      button.setAttribute("aria-controls", "panel");
      button.setAttribute("aria-expanded", "true");
      L.DomEvent.disableClickPropagation(holder);
      button.addEventListener("click", () => {
        const folded = document.body.classList.toggle("folded");
        button.textContent = folded ? "»" : "«";
        button.setAttribute("aria-expanded", String(!folded));
        map.invalidateSize({ pan: false });
      });
      return holder;
    };
    control.addTo(map);
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
    }
  },
};
