// Reads what planner/outputs/maps/packing.py writes: numbers and coordinates as differences in letters, texts by number.
Object.assign(planner, {
  // Whole numbers from letters; what is not a text of letters is already a number, the same for all `count`.
  numbers(letters, count = 0) {
    if (typeof letters !== "string") return new Array(count).fill(letters);
    const read = [];
    for (let at = 0, last = 0; at < letters.length; ) {
      let step = 0;
      let shift = 0;
      let five;
      do {
        five = letters.charCodeAt(at++) - 63;
        step |= (five & 31) << shift;
        shift += 5;
      } while (five >= 32);
      last += step & 1 ? ~(step >> 1) : step >> 1;
      read.push(last);
    }
    return read;
  },

  // Latitude and longitude come by turns, each as its difference from that of the point before.
  pairs(letters) {
    const read = [];
    let at = 0;
    const step = () => {
      let found = 0;
      let shift = 0;
      let five;
      do {
        five = letters.charCodeAt(at++) - 63;
        found |= (five & 31) << shift;
        shift += 5;
      } while (five >= 32);
      return found & 1 ? ~(found >> 1) : found >> 1;
    };
    for (let lat = 0, lon = 0; at < letters.length; ) {
      lat += step();
      lon += step();
      read.push([lat / 1e5, lon / 1e5]);
    }
    return read;
  },

  shape(written) {
    const polygons = written.slice(1).split(",").map((rings) => rings.split(" ").map(planner.pairs));
    const kind = written[0];
    if (kind === "p") return { kind, places: polygons[0][0][0] };
    return { kind, places: kind === "G" ? polygons : kind === "l" ? polygons[0][0] : polygons[0] };
  },

  // The features of a layer, each with its kind, its places and its properties as they were given.
  features(layer) {
    const { texts, keys, looks } = planner.data;
    const { count, columns, points, shapes, popups } = layer;
    const places = points === undefined ? shapes.map(planner.shape) : planner.pairs(points).map((at) => ({ kind: "p", places: at }));
    const features = places.map((place) => ({ ...place, properties: {} }));
    for (const [name, column] of columns) {
      const table = { id: keys, of: keys, name: texts, tooltip: texts }[name] || looks;
      planner.numbers(column, count).forEach((number, i) => {
        if (number >= 0) features[i].properties[name] = planner.counted.includes(name) ? number : table[number];
      });
    }
    if (popups) planner.addPopups(features, popups);
    return features;
  },

  counted: ["v", "s", "t"], // numbers of villages, sites and townships, by which a stage says what is true of them

  addPopups(features, popups) {
    const { texts, looks } = planner.data;
    const [title, label, value] = popups.map((letters) => planner.numbers(letters));
    let next = 0;
    features.forEach(({ properties }, i) => {
      const named = looks[label[i]];
      if (title[i] < 0) return;
      properties.popup = { title: texts[title[i]], rows: named.map((one) => [texts[one], texts[value[next++]]]) };
    });
  },

  places(search) {
    const { texts, keys } = planner.data;
    const at = planner.pairs(search.points);
    const columns = new Map(search.columns);
    const column = (name, table) => planner.numbers(columns.get(name)).map((number) => table[number]);
    const [id, name, latin, initials] = ["id", "name", "latin", "initials"].map((one) => column(one, keys));
    const [shown, where] = ["shown", "where"].map((one) => column(one, texts));
    return at.map(([lat, lon], i) => ({
      id: id[i], name: name[i], latin: latin[i], initials: initials[i], shown: shown[i], where: where[i], lat, lon,
    }));
  },
});
