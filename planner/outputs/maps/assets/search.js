// Finding a place by its name, as written or in pinyin, its initials or its code.
Object.assign(planner, {
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

  // Show a place and what is known of it.
  goTo(id, name, at) {
    const { map } = planner;
    map.getContainer().scrollIntoView({ block: "nearest" }); // on a phone the panel lies below it
    map.setView(at, Math.max(map.getZoom(), 13), { animate: false });
    const properties = planner.found.get(id) || { popup: { title: name, rows: [] } };
    L.popup(planner.popupRoom()).setLatLng(at).setContent(planner.popup(properties)).openOn(map);
  },

  searchBox(map, search) {
    const query = document.getElementById("query");
    const found = document.getElementById("found");
    let places = null; // and by what each is found, read when somebody looks for one
    let keys = [];
    let shown = [];
    let chosen = 0;

    const go = (place) => {
      found.replaceChildren();
      query.value = place.shown;
      planner.goTo(place.id, place.shown, [place.lat, place.lon]);
    };
    const list = () => {
      if (places === null) {
        places = planner.places(search);
        keys = places.map((place) => [place.name, place.latin, place.initials, place.id].map(planner.plain));
      }
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
});
