// The bar between two plans: what lies left of it is the first plan's, right of it the second's.
planner.additions.push((map, data) => {
  const box = map.getContainer();
  const bar = document.createElement("div");
  bar.id = "swipe";
  bar.tabIndex = 0;
  const said = { role: "slider", "aria-label": data.swipe.label, "aria-orientation": "horizontal", "aria-valuemin": 0, "aria-valuemax": 100 };
  for (const [name, value] of Object.entries(said)) bar.setAttribute(name, value);
  const names = ["before", "after"].map((side, at) => {
    const name = document.createElement("div");
    name.className = `side ${side}`;
    name.textContent = data.swipe.sides[at];
    return name;
  });
  map.getPane("mapPane").append(bar, ...names); // over all that is drawn, under pop-ups
  let part = 0.5;

  const cut = () => {
    const size = map.getSize();
    const [corner, end] = [L.point(0, 0), size].map((point) => map.containerPointToLayerPoint(point));
    const at = corner.x + size.x * part;
    const sides = { before: [corner.x, at], after: [at, end.x] };
    for (const [side, [left, right]] of Object.entries(sides)) {
      const pane = map.getPane(side);
      if (pane) pane.style.clip = `rect(${corner.y}px, ${right}px, ${end.y}px, ${left}px)`;
    }
    for (const element of [bar, ...names]) element.style.left = `${at}px`;
    for (const name of names) name.style.top = `${corner.y + 12}px`;
    bar.style.top = `${corner.y}px`;
    bar.style.height = `${size.y}px`;
    bar.setAttribute("aria-valuenow", String(Math.round(part * 100)));
  };
  const move = (to) => {
    part = Math.min(1, Math.max(0, to));
    cut();
  };
  const follow = (event) => move((event.clientX - box.getBoundingClientRect().left) / box.clientWidth);
  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
    bar.focus();
    event.preventDefault();
  });
  bar.addEventListener("pointermove", (event) => {
    if (bar.hasPointerCapture(event.pointerId)) follow(event);
  });
  bar.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: part - 0.02, ArrowRight: part + 0.02, PageDown: part - 0.1, PageUp: part + 0.1, Home: 0, End: 1 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    event.stopPropagation();
    move(steps[event.key]);
  });
  L.DomEvent.disableClickPropagation(bar);
  bar.addEventListener("touchstart", (event) => event.stopPropagation());
  map.on("move resize zoomend viewreset", cut);
  cut();

  const list = () => {
    for (const lists of document.querySelectorAll("[data-year]")) lists.hidden = Number(lists.dataset.year) !== planner.stage;
  };
  map.on("stage", list);
  list();
  for (const button of document.querySelectorAll("[data-village]")) {
    button.addEventListener("click", () => planner.goTo(button.dataset.village, button.textContent, JSON.parse(button.dataset.at)));
  }
});
