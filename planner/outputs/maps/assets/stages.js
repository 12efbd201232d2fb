// What is true at a stage of the network: which parts are in view, the colour of each place, the lines of its pop-up.
Object.assign(planner, {
  readStages() {
    for (const stage of planner.data.stages) {
      for (const of of planner.counted) {
        stage.steps[of] = planner.numbers(stage.steps[of] || "");
        for (const row of stage.lines[of] || []) {
          row.forms = planner.numbers(row.forms);
          row.parts = row.parts.map((part) => planner.numbers(part));
        }
      }
    }
  },

  // Show what is open at a stage; villages and townships take the colour that they have then.
  toStage(number) {
    const stage = planner.data.stages[number];
    if (!stage) return;
    planner.stage = number;
    planner.map.closePopup();
    planner.layers.forEach((group, at) => {
      for (const part of planner.parts[at]) {
        const { stages, minor } = part.feature.properties;
        if (stages || minor) planner.put(group, part);
        planner.paint(part, stage);
      }
      const box = document.querySelector(`#layers [data-layer="${at}"]`);
      if (box) {
        box.disabled = group.getLayers().length === 0;
        box.parentElement.title = box.disabled ? planner.data.words.finished : "";
      }
    });
    planner.inOrder();
    planner.sayStage(number, stage);
    planner.keepView();
    planner.map.fire("stage", { number });
  },

  paint(part, stage) {
    for (const of of ["v", "t"]) {
      const number = part.feature.properties[of];
      if (number === undefined || !part.setStyle) continue;
      const colour = planner.data.colours[stage.steps[of][number]];
      const fillColor = colour === "hatched" ? planner.hatching() : colour;
      if (part.options.fillColor !== fillColor) part.setStyle({ fillColor });
    }
  },

  // The slider, the names under it, what the stage comes to, and the figures of the panel.
  sayStage(number, stage) {
    for (const button of document.querySelectorAll("#stages button")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.stage) === number));
    }
    const slider = document.getElementById("year");
    if (slider) {
      slider.value = number;
      slider.setAttribute("aria-valuetext", stage.name);
    }
    document.getElementById("stage").textContent = planner.data.stages.length > 1 ? stage.said : "";
    const shown = document.querySelectorAll("#figures dd");
    (stage.figures || []).forEach((value, at) => {
      shown[at].textContent = value;
    });
  },

  // The lines that a stage has of a place: label, and a form whose {0}, {1} are filled in, so that names stay names.
  rowsAt(stage, properties) {
    const { texts } = planner.data;
    return planner.counted.flatMap((of) => {
      const number = properties[of];
      if (number === undefined) return [];
      return (stage.lines[of] || []).flatMap((row) => {
        const form = texts[row.forms[number]];
        const said = row.parts.length ? form.replace(/\{(\d)\}/g, (_, at) => texts[row.parts[Number(at)][number]]) : form;
        return said ? [[row.label, said]] : [];
      });
    });
  },

  popup(properties) {
    const { popup } = properties;
    const stage = planner.data.stages[planner.stage];
    const rows = [...popup.rows];
    if (stage) rows.splice(properties.s === undefined ? 0 : 1, 0, ...planner.rowsAt(stage, properties)); // what a site is comes first
    const holder = document.createElement("div");
    holder.append(document.createElement("b"), document.createElement("table"));
    holder.firstChild.textContent = popup.title;
    for (const row of rows) {
      const line = holder.lastChild.insertRow();
      for (const text of row) line.insertCell().textContent = text;
    }
    return holder;
  },
});
