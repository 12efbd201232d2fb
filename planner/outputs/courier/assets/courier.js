/* Ticks of one vehicle's day: kept in this browser alone, by the id of the day plan; nothing is sent anywhere. */
"use strict";
(function () {
  var day = JSON.parse(document.getElementById("data").textContent), words = day.words, kept = true;
  var key = function (plan) { return "courier/" + plan + "/" + day.vehicle; };
  var cards = {}, events = [];

  function read(name) {
    try { return JSON.parse(window.localStorage.getItem(name)) || []; } catch (error) { return []; }
  }
  function write(name, value) {
    try { window.localStorage.setItem(name, JSON.stringify(value)); } catch (error) { kept = false; }
  }
  function say(text, values) { // {0} and {1} are the values in their order
    return text.replace(/\{(\d)\}/g, function (all, place) { return values[place]; });
  }
  function known(found) { // what can be read of another version of this page, or was left by another program
    return Array.isArray(found) ? found.filter(function (one) {
      return Array.isArray(one) && typeof one[0] === "string" && one[0] && one[0].length <= 200 &&
        ["arrived", "done", "failed"].indexOf(one[1]) >= 0 && /^\d\d:\d\d$/.test(one[2]);
    }) : [];
  }
  function clock() { // hours of the service date: after midnight they go on, 25:10
    var now = new Date(), first = day.date.split("-").map(Number);
    var days = Math.round((new Date(now.getFullYear(), now.getMonth(), now.getDate()) -
      new Date(first[0], first[1] - 1, first[2])) / 86400000);
    var hours = now.getHours() + (days === 1 ? 24 : 0);
    return ("0" + hours).slice(-2) + ":" + ("0" + now.getMinutes()).slice(-2);
  }
  function outcomes() { // the last word on each stop, and when it was reached; first what the plan knows of reports before
    var found = {};
    Object.keys(day.settled).forEach(function (id) {
      var one = day.settled[id];
      found[id] = { outcome: one[0], clock: one[1], reason: one[2] || "", arrived: one[3] };
    });
    events.forEach(function (one) {
      var at = found[one[0]] || (found[one[0]] = {});
      if (one[1] === "arrived") at.arrived = one[2];
      at.outcome = one[1];
      at.clock = one[2];
      at.reason = one[3] || "";
    });
    return found;
  }

  function over(one) {
    return Boolean(one) && (one.outcome === "done" || one.outcome === "failed");
  }
  function told(one) {
    return say(words[one.outcome], [one.clock, words.reasons[one.reason] || ""]);
  }
  function aside(text) {
    document.getElementById("aside").textContent = text;
  }
  function elsewhere(found) { // ticked here, and in this version no stop of this vehicle
    var others = Object.keys(found).filter(function (id) { return day.stops.indexOf(id) < 0; });
    document.getElementById("elsewhere").textContent = others.length ? say(words.elsewhere, [others.map(function (id) {
      return (day.once[id] || id) + " " + told(found[id]);
    }).join(words.and)]) : "";
  }

  function show() {
    var found = outcomes(), settled = 0, next = null;
    day.stops.forEach(function (id) {
      var card = cards[id], one = found[id] || {};
      settled += over(one) ? 1 : 0;
      if (!over(one) && !next) next = card;
      card.dataset.outcome = one.outcome || "";
      card.querySelector(".state").textContent = one.outcome ? told(one) : "";
      card.querySelectorAll(".ticks button").forEach(function (button) {
        button.setAttribute("aria-pressed", String(button.dataset.tick === one.outcome));
      });
    });
    Object.keys(cards).forEach(function (id) { cards[id].classList.toggle("next", cards[id] === next); });
    document.getElementById("count").textContent = !day.stops.length ? "" : say(words.count, [settled, day.stops.length]);
    document.getElementById("undo").disabled = !events.length;
    document.getElementById("lost").textContent = kept ? "" : words.kept_nowhere;
    elsewhere(found);
    if (!document.getElementById("report").hidden) report();
  }
  function tick(id, outcome, reason) {
    var found = outcomes(), one = found[id] || {};
    if ((outcome === "arrived" && one.outcome) || outcome === one.outcome && !reason) { // a touch of the glove loses no time
      aside(say(words.stays, [told(one)]));
      return;
    }
    var skipped = day.stops.slice(0, Math.max(0, day.stops.indexOf(id))).filter(function (before) { return !over(found[before]); });
    aside(outcome !== "arrived" && skipped.length ?
      say(words.skipped, [skipped.map(function (before) { return day.stops.indexOf(before) + 1; }).join(words.and)]) : "");
    events.push([id, outcome, clock()].concat(reason ? [reason] : []));
    write(key(day.plan), events);
    show();
  }

  function reported() {
    var found = outcomes(), stops = [];
    Object.keys(found).forEach(function (id) {
      var one = found[id], entry = [id, one.outcome, one.clock];
      if (one.reason || one.arrived) entry.push(one.reason);
      if (one.arrived) entry.push(one.arrived);
      stops.push(entry);
    });
    return JSON.stringify({ report: day.report, plan: day.plan, vehicle: day.vehicle, at: clock(), stops: stops });
  }
  function report() {
    var text = reported(), code = qrCode.svg(text), file = document.getElementById("file");
    document.getElementById("code").innerHTML = code;
    document.getElementById("long").textContent = code ? "" : words.too_long;
    document.getElementById("text").value = text;
    file.href = "data:application/json;charset=utf-8," + encodeURIComponent(text);
    file.download = "report-" + day.date + "-" + day.vehicle + ".json";
  }

  function dark(chosen) {
    if (chosen) document.documentElement.dataset.theme = chosen;
  }
  function switchTheme() {
    var system = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    var chosen = (document.documentElement.dataset.theme || system) === "dark" ? "light" : "dark";
    dark(chosen);
    write("courier/theme", chosen);
  }

  document.querySelectorAll("li.leg[data-stop]").forEach(function (card) {
    var id = card.dataset.stop, reasons = card.querySelector(".reasons");
    cards[id] = card;
    card.querySelectorAll(".ticks button").forEach(function (button) {
      button.addEventListener("click", function () {
        if (button.dataset.tick === "failed") { reasons.hidden = !reasons.hidden; return; }
        reasons.hidden = true;
        tick(id, button.dataset.tick);
      });
    });
    reasons.querySelectorAll("button").forEach(function (button) {
      button.addEventListener("click", function () { reasons.hidden = true; tick(id, "failed", button.dataset.reason); });
    });
  });
  document.getElementById("undo").addEventListener("click", function () {
    var last = events.pop();
    write(key(day.plan), events);
    aside("");
    show();
    if (last && cards[last[0]]) cards[last[0]].scrollIntoView({ block: "nearest" });
  });
  document.getElementById("tell").addEventListener("click", function () {
    var section = document.getElementById("report");
    section.hidden = !section.hidden;
    if (!section.hidden) { report(); section.scrollIntoView(); }
  });
  document.getElementById("theme").addEventListener("click", switchTheme);

  events = known(read(key(day.plan)));
  day.former.some(function (plan) { // ticks of the version before go on, whoever has the stop now
    if (!events.length) events = known(read(key(plan)));
    return events.length;
  });
  var chosen = read("courier/theme");
  dark(typeof chosen === "string" ? chosen : "");
  write(key(day.plan), events);
  document.documentElement.classList.add("ticking");
  show();
})();
