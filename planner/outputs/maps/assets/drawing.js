// How a feature is drawn, and how much of all is drawn where the screen has no room for it.
Object.assign(planner, {
  painted: false, // whether symbols are painted with the rest: a browser holds some hundred of them as elements, no more
  most: 700, // symbols that are elements, which the keyboard reaches one by one
  scale: 1, // of circles and symbols: they shrink where villages would lie over each other
  pictures: new Map(),
  renderers: new Map(), // of the panes that parts ask for by name

  Symbol: L.CircleMarker.extend({
    _updatePath() {
      const picture = planner.pictures.get(this.options.icon);
      if (!picture || this._empty()) return;
      const pen = this._renderer._ctx;
      const side = this.options.size * planner.scale;
      pen.globalAlpha = this.options.opacity;
      pen.drawImage(picture, this._point.x - side / 2, this._point.y - side / 2, side, side);
      pen.globalAlpha = 1;
    },
  }),

  part({ kind, places, properties }) {
    const { style, icon, size, popup, tooltip, of, name } = properties;
    const interactive = Boolean(popup || tooltip || of);
    const pane = properties.pane || undefined;
    const look = { interactive, smoothFactor: planner.painted ? 1 : 0.5, ...style };
    if (pane) Object.assign(look, { pane, renderer: planner.renderer(pane) });
    if (look.fillColor === "hatched") look.fillColor = planner.hatching();
    const drawn = () => {
      if (kind === "l" || kind === "L") return L.polyline(places, look);
      if (kind !== "p") return L.polygon(places, look);
      if (!icon) return L.circleMarker(places, look);
      if (size && (planner.painted || pane)) {
        return new planner.Symbol(places, { ...look, icon, size, radius: size / 2, opacity: 1 });
      }
      const shown = L.divIcon({ html: icon, className: "symbol", iconSize: size ? [size, size] : [0, 0] });
      // names of places lie over all symbols
      return L.marker(places, { icon: shown, alt: name || "", interactive, zIndexOffset: size ? 0 : 1000 });
    };
    const part = drawn();
    part.feature = { type: "Feature", properties };
    return part;
  },

  renderer(pane) {
    if (!planner.map.getPane(pane)) {
      planner.map.createPane(pane).style.zIndex = 420;
      planner.renderers.set(pane, L.canvas({ pane }));
    }
    return planner.renderers.get(pane);
  },

  drawLayer(packed) {
    const features = planner.features(packed);
    const group = L.featureGroup();
    const told = ({ feature }) => {
      const { popup, of, tooltip } = feature.properties;
      return popup ? feature.properties : planner.found.get(of) || { popup: { title: tooltip, rows: [] } };
    };
    if (features.some(({ properties }) => properties.popup || properties.of)) {
      group.bindPopup((part) => planner.popup(told(part)), planner.popupRoom());
    }
    if (features.some(({ properties }) => properties.tooltip)) {
      group.bindTooltip(({ feature }) => planner.escape(feature.properties.tooltip), { sticky: true });
    }
    for (const { properties } of features) {
      const { id, popup } = properties;
      if (popup && id && !planner.found.has(id)) planner.found.set(id, properties);
    }
    const parts = features.map(planner.part);
    for (const part of parts) group.addLayer(part);
    return [group, parts];
  },

  // Pop-ups keep clear of the controls at the left, on a phone too.
  popupRoom() {
    return { maxWidth: Math.min(340, planner.map.getSize().x - 110), autoPanPaddingTopLeft: [50, 8], autoPanPaddingBottomRight: [8, 8] };
  },

  // Symbols as pictures to paint, read once before they are first needed.
  async readPictures() {
    const icons = new Set();
    for (const parts of planner.parts) for (const { options } of parts) if (typeof options.icon === "string") icons.add(options.icon);
    await Promise.all([...icons].map(async (icon) => {
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(icon.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '))}`;
      await image.decode();
      const picture = document.createElement("canvas");
      picture.width = image.width * 3;
      picture.height = image.height * 3;
      picture.getContext("2d").drawImage(image, 0, 0, picture.width, picture.height);
      planner.pictures.set(icon, picture);
    }));
    for (const parts of planner.parts) for (const part of parts) if (part instanceof planner.Symbol && part._map) part.redraw();
  },

  // Grey lines on white, for what is not known: a canvas fills with a pattern as with a colour.
  hatching() {
    if (planner.hatched) return planner.hatched;
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
    planner.hatched = pen.createPattern(tile, "repeat");
    return planner.hatched;
  },

  // The room on the screen that one of so many places has, along a side, in pixels.
  room(count) {
    const [[south, west], [north, east]] = planner.data.bounds;
    const [a, b] = [[south, west], [north, east]].map((corner) => planner.map.project(corner));
    return Math.sqrt(Math.abs((a.x - b.x) * (a.y - b.y)) / Math.max(count, 1));
  },

  // After the zoom: circles as large as there is room for, small roads and names only where they can be told apart.
  fit() {
    const { villages, townships } = planner.data.counts;
    const scale = Math.min(1, Math.max(0.3, planner.room(villages) / 16));
    planner.map.getContainer().classList.toggle("far", planner.map.getZoom() < planner.near);
    planner.map.getContainer().classList.toggle("crowded", planner.room(townships) < 60);
    if (scale === planner.scale) return;
    planner.scale = scale;
    planner.layers.forEach((group, at) => {
      for (const part of planner.parts[at]) {
        const { style, size, minor } = part.feature.properties;
        if (minor) planner.put(group, part);
        if (part instanceof planner.Symbol) part.setRadius((size / 2) * scale);
        else if (part instanceof L.CircleMarker) part.setStyle({ radius: style.radius * scale, weight: style.weight * scale });
      }
    });
    planner.inOrder();
  },

  // A part is in its layer if the stage has it and there is room for it.
  put(group, part) {
    const { stages, minor } = part.feature.properties;
    const wanted = (!stages || stages.includes(planner.stage)) && !(minor && planner.scale < 0.6);
    if (wanted === group.hasLayer(part)) return;
    if (wanted) group.addLayer(part);
    else group.removeLayer(part);
  },
});
