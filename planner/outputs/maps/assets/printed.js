// The print view: the page becomes one sheet with the whole boundary on it, and is what it was when the browser has printed.
planner.printed = {
  paper: "A4",
  most: 26, // rows of a table that a legend holds; more go onto pages of their own
  before: null,
  patience: 15000, // milliseconds that pictures are waited for

  start(map) {
    const { printed } = planner;
    const sheet = document.getElementById("sheet");
    document.body.append(sheet);
    printed.sheet = sheet;
    printed.size = document.createElement("style");
    document.head.append(printed.size);
    for (const button of document.querySelectorAll("#print [data-paper]")) {
      button.addEventListener("click", async () => {
        printed.paper = button.dataset.paper;
        await printed.pictures();
        window.print();
        printed.paper = "A4";
      });
    }
    window.addEventListener("beforeprint", printed.begin);
    window.addEventListener("afterprint", printed.end);
    document.addEventListener("pointerdown", printed.end); // of browsers that do not say when they have printed
    printed.map = map;
    printed.page();
  },

  page() {
    planner.printed.size.textContent = `@page { size: ${planner.printed.paper} landscape; margin: 8mm; }`;
  },

  // A provider's pictures are on the sheet once all of it are there; what the browser's own menu prints is without them.
  async pictures() {
    const { printed, basemap } = planner;
    const layers = basemap?.layers || [];
    if (!layers.length) return;
    printed.begin();
    const there = (layer) => new Promise((done) => (layer.isLoading() ? layer.once("load", done) : done()));
    const late = new Promise((done) => setTimeout(done, printed.patience, true));
    if (await Promise.race([Promise.all(layers.map(there)).then(() => false), late])) return;
    document.documentElement.classList.add("pictured");
    const said = planner.data.print_words.pictures.replace("{names}", () => planner.data.basemap.attribution);
    printed.sheet.querySelector(".pictures").textContent = ` · ${said}`;
  },

  begin() {
    const { printed } = planner;
    const { map, sheet } = printed;
    if (printed.before) return;
    printed.before = { center: map.getCenter(), zoom: map.getZoom(), snap: map.options.zoomSnap, retina: L.Browser.retina };
    printed.page();
    sheet.hidden = false;
    sheet.querySelector(".stage").textContent = document.getElementById("stage")?.textContent || "";
    const now = new Date();
    const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
    sheet.querySelector(".printed").textContent = planner.data.print_words.printed.replace("{date}", day);
    document.documentElement.classList.add("paper", printed.paper.toLowerCase());
    printed.legend();
    map.options.zoomSnap = 0; // as large as the sheet holds it
    L.Browser.retina = true; // canvases for paper have twice the dots
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(planner.data.bounds, { padding: [14, 14], animate: false });
    map.fire("resize");
    printed.scale();
  },

  end() {
    const { printed } = planner;
    const { map, before } = printed;
    if (!before) return;
    printed.before = null;
    document.documentElement.classList.remove("paper", "a4", "a3", "pictured");
    printed.sheet.querySelector(".pictures").textContent = "";
    printed.sheet.hidden = true;
    map.options.zoomSnap = before.snap;
    L.Browser.retina = before.retina;
    map.invalidateSize({ animate: false, pan: false });
    map.setView(before.center, before.zoom, { animate: false });
    printed.page();
  },

  // What is on the map, as the panel names it; tables of vehicles in place of a layer each.
  legend() {
    const { sheet, most } = planner.printed;
    const key = sheet.querySelector(".key");
    const more = sheet.querySelector(".more");
    key.replaceChildren();
    more.replaceChildren();
    const inTable = new Set([...document.querySelectorAll("#rows [data-layer]")].map((button) => button.dataset.layer));
    const table = planner.printed.table();
    if (table) (table.rows.length > most ? more : key).append(table);
    for (const section of document.querySelectorAll("#layers section")) {
      const parts = [];
      let off = false;
      for (const part of section.children) {
        if (part.matches("label")) {
          const box = part.querySelector("input");
          off = !box.checked || box.disabled;
          if (off || inTable.has(box.dataset.layer)) continue;
          const line = document.createElement("p");
          line.append(...[...part.childNodes].filter((node) => node !== box).map((node) => node.cloneNode(true)));
          parts.push(line);
        } else if (part.matches("ul") && !off) {
          parts.push(part.cloneNode(true));
        }
      }
      if (!parts.length) continue;
      const group = document.createElement("div");
      group.append(section.querySelector("h2").cloneNode(true), ...parts);
      key.append(group);
    }
    // nothing is cut: letters get smaller, then what finds no room goes onto a page of its own
    const cut = () => key.scrollHeight > key.clientHeight + 1;
    key.style.fontSize = "";
    for (let size = 7.5; cut() && size >= 6.5; size -= 0.5) key.style.fontSize = `${size}pt`;
    while (cut() && key.childElementCount > 1) more.prepend(key.lastElementChild);
    sheet.querySelector(".on").hidden = !more.childElementCount;
  },

  table() {
    const rows = document.querySelector("#rows table");
    if (!rows) return null;
    const copy = rows.cloneNode(true);
    for (const row of [...copy.rows]) {
      const button = row.querySelector("[data-layer]");
      if (!button) continue;
      const layer = planner.layers[Number(button.dataset.layer)];
      if (row.hidden || (layer && !planner.map.hasLayer(layer))) row.remove();
      else button.replaceWith(...button.childNodes);
    }
    return copy.rows.length > 1 ? copy : null;
  },

  // A bar of a round length, and the scale in figures: a pixel of CSS is a 96th of an inch on paper.
  scale() {
    const { map, sheet } = planner.printed;
    const size = map.getSize();
    const [left, right] = [0, 100].map((x) => map.containerPointToLatLng([size.x / 2 + x - 50, size.y / 2]));
    const metres = map.distance(left, right) / 100;
    const rough = metres * 150;
    const power = 10 ** Math.floor(Math.log10(rough));
    const round = [5, 2, 1].map((part) => part * power).find((part) => part <= rough);
    const { kilometres, metres: short } = planner.data.words;
    sheet.querySelector(".scale i").style.width = `${round / metres}px`;
    const ratio = (metres * 96) / 0.0254;
    const digits = 10 ** Math.floor(Math.log10(ratio) - 1);
    const about = String(Math.round(ratio / digits) * digits).replace(/\B(?=(\d{3})+$)/g, " ");
    const long = round >= 1000 ? `${round / 1000} ${kilometres}` : `${round} ${short}`;
    const said = planner.data.print_words.about.replace("{scale}", about);
    sheet.querySelector(".scale span").textContent = `${long} · ${said}`;
    planner.printed.metres = metres;
  },
};
planner.additions.push(planner.printed.start);
