"use strict";
document.documentElement.classList.remove("no-js");

// Details: closed on the screen, open on paper and where an address points into them.
(() => {
  const all = [...document.querySelectorAll("details:not(.keep)")], kept = [...document.querySelectorAll("details.keep")];
  const shown = () => {
    const at = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!at) return;
    if (at instanceof HTMLDetailsElement) at.open = true;
    else if (at.classList.contains("pillar")) for (const d of at.querySelectorAll("details")) d.open = true;
  };
  for (const d of all) d.open = false;
  shown();
  addEventListener("hashchange", shown);
  addEventListener("beforeprint", () => { for (const d of [...all, ...kept]) { d.dataset.was = d.open; d.open = true; } });
  addEventListener("afterprint", () => { for (const d of [...all, ...kept]) d.open = d.dataset.was === "true"; });
  for (const b of document.querySelectorAll("button[data-all]"))
    b.addEventListener("click", () => { for (const d of all) d.open = b.dataset.all === "open"; });
})();

// What if the fund judged otherwise: the engine's own sums over its own points, by the pack's scales and by those moved.
function what(rows, base, data, redraw) {
  const block = document.getElementById("whatif-data"), form = document.getElementById("sliders");
  if (!block || !form) return {save: () => "", load: () => {}};
  const w = JSON.parse(block.textContent), T = data.texts, mark = document.getElementById("whatif-mark"), overlay = document.getElementById("overlay");
  const inputs = [...form.querySelectorAll("input[type=range]")], started = new Map(inputs.map(i => [i.name, i.value]));
  const index = (key, text) => { const i = T[key].indexOf(text); if (i >= 0) return i; T[key].push(text); return T[key].length - 1; };
  const none = data.words.none, step = (steps, value) => steps.find(([, least]) => value >= least)?.[0];
  const holds = (value, op, bound) => op === ">=" ? value >= bound : op === ">" ? value > bound : op === "<=" ? value <= bound : value < bound;
  const round = n => n < 0 ? -Math.floor((-n + 50) / 100) : Math.floor((n + 50) / 100);
  const FINE = 1e10, cents = v => { const c = Math.floor((Math.round(Math.abs(v) * FINE) + 5e7) / 1e8); return v < 0 ? -c : c; };
  // A weight at so many percent, in whole hundredths: what is computed with is what the pack will say.
  const at = (weight, percent) => Math.round(weight * percent) / 100;
  const setting = () => {
    const of = name => form.elements[name] ? +form.elements[name].value : 100;
    const halves = w.levers.map(h => {
      const pillars = h.pillars.map(p => {
        const moved = of(`p.${h.id}.${p.id}`), criteria = p.criteria.map(c => {
          const own = of(`c.${h.id}.${c.id}`), n = c.scales.length ? +form.elements[`b.${h.id}.${c.id}`].value : 0;
          const which = n && c.scales.filter(s => s[0] < 0).length + n - (n > 0);
          return {own, w: c.w.map(x => at(x, own)), most: c.most, scale: n ? c.scales[which] : null, which};
        });
        const sums = p.sum && moved === 100 ? p.w.map((_, t) => criteria.reduce((n, c) => n + c.w[t], 0)) : p.w.map(x => at(x, moved));
        return {moved, w: sums, cap: p.cap, criteria};
      });
      return {pillars, on: pillars.some(p => p.moved !== 100 || p.criteria.some(c => c.own !== 100 || c.scale))};
    });
    return {fit: of("fit"), floors: w.floors.map((f, i) => form.elements["floor" + i] ? Math.round(of("floor" + i) * 100) : f[2]), halves};
  };
  const changed = s => s.fit !== w.fit || s.floors.some((v, i) => v !== w.floors[i][2]) || s.halves.some(h => h.on);
  const judged = (n, own, c) => { const state = w.states[n][own[7 + n]]; return c.scale && state[4] ? state[4][c.which] : state; };
  // Total and coverage of a half, or one end of what its total can be on a track: each criterion's share of its best, times its weight once what does not apply has left.
  const weighed = (half, from, own, t = own[2], end = 0) => {
    let whole = 0, at = from, sum = 0, covered = 0, weights = 0;
    const groups = half.pillars.map(p => {
      let group = 0, any = false, some = false;
      for (const c of p.criteria) { const counts = judged(at, own, c)[1] & 1; at++; if (counts) { any = true; group += c.w[t]; } some ||= c.w[t] > 0; }
      if (any && some) whole += p.w[t];
      return group;
    });
    at = from;
    half.pillars.forEach((p, n) => {
      let points = 0;
      for (const c of p.criteria) {
        const state = judged(at, own, c), value = state[end], flags = state[1];
        at++;
        if (!(flags & 1) || !c.w[t] || !p.w[t] || !groups[n] || !whole) continue;
        const effective = 100 * c.w[t] * p.w[t] / (groups[n] * whole);
        points += cents(effective * value / c.most);
        weights += effective;
        if (flags & 2) covered += effective;
      }
      sum += p.cap === null ? points : Math.min(points, p.cap);
    });
    return [Math.min(sum, 10000), weights ? Math.floor(Math.round(covered / weights * FINE) / 1e6 + 0.5) : 0, at];
  };
  // What a company can come to under a setting, over every track that it may be on: low and high of score, fit and merit.
  const bands = (s, own) => {
    const tracks = w.levers.length ? w.levers[0].pillars[0].w.map((_, t) => t).filter(t => own[0] & 8 << t) : [];
    const split = s.halves[0]?.pillars.reduce((k, p) => k + p.criteria.length, 0);
    const [low, high] = [[2, Math.min], [3, Math.max]].map(([end, pick]) => {
      const each = tracks.map(t => s.halves.map((half, n) => weighed(half, n && split, own, t, end)[0]));
      const score = pick(...each.map(([fit, merit]) => round(fit * s.fit + merit * (100 - s.fit)))) - own[end === 2 ? 6 : 5];
      return [Math.max(score, 0), ...[0, 1].map(n => pick(...each.map(x => x[n])))];
    });
    return tracks.length ? [low, high] : null;
  };
  const compute = s => {
    const found = rows.map(row => {
      const d = base[row.home], own = w.rows[row.home], [flags, taken] = own;
      let values = [d[7], d[8]], covers = [own[3], own[4]], from = 0;
      s.halves.forEach((half, n) => {
        if (half.on) [values[n], covers[n], from] = weighed(half, from, own);
        else from += half.pillars.reduce((k, p) => k + p.criteria.length, 0);
      });
      const [fit, merit] = values, named = {fit, merit, fit_coverage: covers[0], merit_coverage: covers[1]};
      const score = Math.max(round(fit * s.fit + merit * (100 - s.fit)) - taken, 0);
      const met = (flags & 4) && w.floors.every((f, n) => holds(named[f[0]], f[1], s.floors[n]));
      const outcome = !(flags & 1) ? T.outcome[d[6]] : (flags & 2) || met ? "shortlisted" : "ranked";
      let tier = null;
      if (outcome === "shortlisted" && w.tiers && covers[1] >= w.tiers.coverage) tier = w.tiers.cells[step(w.tiers.fit, fit)]?.[step(w.tiers.merit, merit)] ?? null;
      return {i: row.home, row, fit, merit, score, outcome, tier, listed: outcome === "shortlisted" ? 0 : 1, place: tier === null ? Infinity : w.tiers.order.indexOf(tier)};
    });
    const order = [...found].sort((a, b) => a.listed - b.listed || (a.place === b.place ? 0 : a.place - b.place) || b.score - a.score || a.i - b.i);
    order.forEach((x, n) => { const before = order[n - 1]; x.rank = before && before.listed === x.listed && before.place === x.place && before.score === x.score ? before.rank : n + 1; });
    return {found, order};
  };
  const told = s => {
    const put = (name, text) => { const input = form.elements[name]; if (input) input.nextElementSibling.value = text; };
    const list = ws => new Set(ws).size === 1 ? String(ws[0]) : ws.join(" / ");
    put("fit", s.fit + " % : " + (100 - s.fit) + " %");
    s.floors.forEach((v, i) => put("floor" + i, (v / 100).toFixed(1)));
    w.levers.forEach((h, n) => h.pillars.forEach((p, k) => {
      const now = s.halves[n].pillars[k];
      put(`p.${h.id}.${p.id}`, now.moved + " % · " + list(now.w));
      p.criteria.forEach((c, m) => {
        const {own, w: now_w, scale} = now.criteria[m];
        put(`c.${h.id}.${c.id}`, own + " % · " + list(now_w));
        put(`b.${h.id}.${c.id}`, scale ? (scale[0] > 0 ? "+" : "−") + Math.abs(scale[0]) + " % · " + scale[2] : "0 % · " + c.bounds);
      });
    }));
  };
  // Within what the pack states; beyond it only when asked for.
  const reach = () => {
    const wide = form.elements.wide?.checked;
    for (const i of inputs) if (i.dataset.wide) [i.min, i.max] = i.dataset[wide ? "wide" : "near"].split(" ");
  };
  const apply = () => {
    reach();
    const s = setting(), on = changed(s);
    told(s);
    document.getElementById("ranking").classList.toggle("supposed", on);
    mark.hidden = !on;
    const came = [], left = [];
    let moved = 0, listed = 0;
    if (on) {
      const {found, order} = compute(s);
      for (const x of found) {
        const row = x.row, was = T.outcome[base[x.i][6]];
        listed += x.outcome === "shortlisted";
        if ((x.outcome === "shortlisted") !== (was === "shortlisted")) (x.outcome === "shortlisted" ? came : left).push(row.d[2]);
        row.move = base[x.i][0] - x.rank; moved += row.move !== 0;
        row.d[0] = x.rank; row.d[1] = base[x.i][1] & ~7; row.d[16] = x.score; row.d[17] = row.d[18] = row.d[23] = row.d[24] = null; row.d[20] = index("tier", x.tier ?? none); row.d[21] = index("outcome", x.outcome);
        s.halves.forEach((half, n) => { const k = 10 + 3 * n; [row.d[k], row.d[k + 1], row.d[k + 2]] = half.on ? [n ? x.merit : x.fit, null, null] : base[x.i][9][n]; });
        // Bands decide no rank: they are worked out for the rows that are drawn.
        row.open = () => {
          const found = bands(s, w.rows[row.home]);
          if (found) for (const [n, k] of [17, 11, 14].entries()) [row.d[k], row.d[k + 1]] = [found[0][n], found[1][n]];
          row.open = null;
        };
      }
      const ranks = new Map();
      for (const x of found) ranks.set(x.rank, (ranks.get(x.rank) ?? 0) + 1);
      for (const x of found) if (ranks.get(x.rank) > 1) x.row.d[1] |= 2;
      order.forEach((x, n) => { x.row.i = n; });
      rows.sort((a, b) => a.i - b.i);
    } else rows.sort((a, b) => a.home - b.home).forEach((row, n) => {
      const b = base[row.home];
      row.i = n; row.move = 0; row.open = null;
      [row.d[0], row.d[1], row.d[16], row.d[17], row.d[18], row.d[20], row.d[21], , , , row.d[23], row.d[24]] = b;
      b[9].forEach((half, k) => { [row.d[10 + 3 * k], row.d[11 + 3 * k], row.d[12 + 3 * k]] = half; });
    });
    const named = (key, names) => {
      const first = names.slice(0, 5).join(w.words.list);
      return names.length ? " " + w.words[key].replace("{names}", () => names.length > 5 ? w.words.more.replace("{names}", () => first).replace("{n}", names.length) : first) : "";
    };
    const far = [...form.querySelectorAll("[data-wide]")].some(i => { const [low, high] = i.dataset.near.split(" "); return +i.value < +low || +i.value > +high; });
    mark.lastElementChild.textContent = w.words.counts.replace("{listed}", listed).replace("{came}", came.length).replace("{left}", left.length).replace("{moved}", moved) + named("came", came) + named("left", left) + (far ? " " + w.words.beyond.replace("{pillars}", w.doubted[0]).replace("{halves}", w.doubted[1]) : "");
    redraw();
  };
  const yaml = () => {
    const s = setting(), lines = ["# " + w.words.label, "pack:", "  id: my-fund", '  version: "1"', "  label: {zh: 我的基金, en: My fund}", "  extends: " + w.pack, "", "verdict:", `  weights: {fit: ${(s.fit / 100).toFixed(2)}, merit: ${((100 - s.fit) / 100).toFixed(2)}}`];
    const weight = ws => new Set(ws).size === 1 ? String(ws[0]) : "{" + ws.map((x, t) => `${w.tracks[t]}: ${x}`).join(", ") + "}";
    const weighs = half => half.pillars.some(p => p.moved !== 100 || p.criteria.some(c => c.own !== 100));
    if (s.halves.some(weighs)) lines.push("", "weights:");
    w.levers.forEach((h, n) => {
      if (!weighs(s.halves[n])) return;
      lines.push(`  ${h.id}:`);
      h.pillars.forEach((p, k) => {
        const now = s.halves[n].pillars[k], own = p.criteria.map((c, m) => [c.id, now.criteria[m]]).filter(([, c]) => c.own !== 100);
        if (now.moved === 100 && !own.length) return;
        lines.push(`    ${p.id}:`);
        if (now.moved !== 100) lines.push("      total: " + weight(now.w));
        if (own.length) lines.push(...own.map(([id, c]) => `      ${id}: ${weight(c.w)}`));
      });
    });
    const scales = w.levers.map((h, n) => [h.id, h.pillars.map((p, k) => [p.id, p.criteria.map((c, m) => [c.id, s.halves[n].pillars[k].criteria[m].scale]).filter(c => c[1])]).filter(p => p[1].length)]).filter(h => h[1].length);
    if (scales.length) lines.push("", "criteria:");
    for (const [half, pillars] of scales) {
      lines.push(`  ${half}:`, "    pillars:");
      for (const [pillar, criteria] of pillars) lines.push(`      ${pillar}:`, "        criteria:", ...criteria.map(([id, scale]) => `          ${id}: {score: ${scale[1]}}`));
    }
    const set = w.floors.map((f, i) => [f[3], s.floors[i], f[2]]).filter(([name, now, was]) => name && now !== was);
    if (set.length) lines.push("", "parameters:", ...set.map(([name, now]) => `  ${name}: {value: ${now / 100}}`));
    return lines.join("\n") + "\n";
  };
  rows.forEach((row, n) => { row.home = n; base[n][7] = row.d[10]; base[n][8] = row.d[13]; base[n][9] = [row.d.slice(10, 13), row.d.slice(13, 16)]; base[n][10] = row.d[23]; base[n][11] = row.d[24]; });
  form.addEventListener("input", apply);
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  document.getElementById("save-pack").addEventListener("click", () => {
    overlay.hidden = false;
    overlay.value = yaml();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([overlay.value], {type: "text/yaml"}));
    link.download = "pack.yaml";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  told(setting());
  return {
    save: () => inputs.filter(i => i.value !== started.get(i.name)).map(i => i.name + ":" + i.value).join(" "),
    load: text => {
      const now = new Map(text.split(" ").map(part => [part.slice(0, part.lastIndexOf(":")), part.slice(part.lastIndexOf(":") + 1)]));
      const before = inputs.map(i => i.value).join();
      if (form.elements.wide) form.elements.wide.checked = inputs.some(i => i.dataset.wide && now.has(i.name) && (+now.get(i.name) < +i.dataset.near.split(" ")[0] || +now.get(i.name) > +i.dataset.near.split(" ")[1]));
      reach();
      for (const i of inputs) i.value = now.get(i.name) ?? started.get(i.name);
      if (text) document.getElementById("whatif").open = true;
      if (inputs.map(i => i.value).join() !== before) apply();
    },
  };
}

// The ranking as a tool: sorted, searched and filtered over all rows; the view lives in the address.
(() => {
  const table = document.getElementById("ranking-table"), block = document.getElementById("rows");
  if (!table || !block) return;
  const data = JSON.parse(block.textContent), tools = document.getElementById("tools"), count = document.getElementById("count");
  const more = document.getElementById("more"), body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
  const page = 200, F = {city: 5, domain: 6, direction: 7, grade: 8, stage: 9, tier: 20, outcome: 21};
  const names = data.columns;
  const at = {rank: 0, fit: 10, merit: 13, score: 16, coverage: 19, name: 2, steady: 23}, T = data.texts, W = data.words;
  const collator = new Intl.Collator(document.documentElement.lang, {numeric: true});
  const text = row => row.text ??= [row.d[2], row.d[3], T.city[row.d[5]], T.domain[row.d[6]], T.direction[row.d[7]], T.stage[row.d[9]], T.tier[row.d[20]], data.outcomes[row.d[21]]].join(" ").toLowerCase();
  const rows = data.rows.map((d, i) => ({d, i}));
  const base = rows.map(row => [row.d[0], row.d[1], row.d[16], row.d[17], row.d[18], row.d[20], row.d[21]]);
  let sort = ["rank", "ascending"], limit = page, shown = rows, first = true;

  const make = (tag, cls, ...inside) => { const e = document.createElement(tag); if (cls) e.className = cls; e.append(...inside.filter(x => x !== null)); return e; };
  const svg = (tag, attributes) => { const e = document.createElementNS("http://www.w3.org/2000/svg", tag); for (const k in attributes) e.setAttribute(k, attributes[k]); return e; };
  const points = n => n === null ? W.none : (n / 100).toFixed(2).replace("-", "−");
  const span = (low, high) => low === null || low === high ? "" : points(low) + "–" + points(high);
  const number = (value, low, high) => [points(value), make("span", "sub", span(low, high))];
  const band = d => {
    const [value, low, high] = d.slice(16, 19);
    if (value === null || low === null) return null;
    const x = v => (3 + Math.min(Math.max(v, 0), data.axis * 100) * 1.1 / data.axis).toFixed(1);
    const g = svg("svg", {class: "glyph", viewBox: "0 0 116 14", width: 116, height: 14, role: "img", "aria-label": W.described.replace("{0}", points(value)).replace("{1}", points(low)).replace("{2}", points(high))});
    g.append(svg("line", {x1: 3, y1: 7, x2: 113, y2: 7, stroke: "#e4e1d9", "stroke-width": 1}), svg("line", {x1: x(low), y1: 7, x2: x(high), y2: 7, stroke: "#86a0ba", "stroke-width": 3}), svg("line", {x1: x(value), y1: 2, x2: x(value), y2: 12, stroke: "#1b2026", "stroke-width": 2}));
    return g;
  };
  const cells = {
    rank: (d, flag, row) => {
      const parts = [d[0] === null ? W.none : d[0].toLocaleString("en")];
      if (flag & 1) { const mark = make("span", "approx", "≈"); mark.setAttribute("aria-hidden", "true"); parts.unshift(mark, make("span", "vh", W.undecided + " ")); }
      if (row.move) parts.push(make("span", "sub move", row.move > 0 ? "↑" + row.move : "↓" + -row.move));
      if (flag & 2) parts.push(make("span", "sub", W.joint));
      return parts;
    },
    name: (d, flag) => {
      const name = make("bdi", "");
      if (d[4]) { const a = make("a", "", d[2]); a.href = d[4]; name.append(a); } else name.append(d[2]);
      return [name, ...(flag & 40 ? [" ", make("span", "held", flag & 8 ? W.held : W.once)] : []), d[3] ? make("span", "sub mono", d[3]) : null];
    },
    score: d => [make("b", "", points(d[16])), make("span", "sub", span(d[17], d[18]))],
    band: d => [band(d)],
    outcome: (d, flag) => [make("span", "o o-" + T.outcome[d[21]], data.outcomes[d[21]]), flag & 4 ? make("span", "sub prov-s", W.provisional) : null],
    tier: d => [T.tier[d[20]]],
    fit: d => number(d[10], d[11], d[12]),
    merit: (d, flag) => flag & 16 ? [W.unknown] : number(d[13], d[14], d[15]),
    coverage: d => [d[19]],
    direction: d => [T.direction[d[7]], make("span", "sub", T.domain[d[6]]), d[22] ? make("span", "sub beside", W.beside.replace("{n}", d[22])) : null],
    grade: d => [T.grade[d[8]]],
    city: d => [T.city[d[5]]],
    stage: d => [T.stage[d[9]]],
    steady: d => [d[23] === null ? W.none : d[23] === d[24] ? d[23] : d[23] + "–" + d[24]],
  };
  const styles = heads.map(th => th.className + ({name: " name", direction: " dir", tier: " nowrap", grade: " nowrap", city: " nowrap", stage: " nowrap"}[names[th.cellIndex]] ?? ""));
  const draw = row => {
    row.open?.();
    const tr = make("tr", "", ...names.map((name, i) => make(name === "name" ? "th" : "td", styles[i], ...cells[name](row.d, row.d[1], row))));
    tr.cells[1].scope = "row";
    tr.tabIndex = -1;
    return tr;
  };
  const key = name => name in at ? row => { const v = row.d[at[name]]; return name === "coverage" ? parseFloat(v) : v; } : row => name === "outcome" ? data.outcomes[row.d[F.outcome]] : T[name][row.d[F[name]]];
  const chosen = () => Object.fromEntries([...tools.querySelectorAll("select")].map(s => [s.name, s.value]));
  const held = row => row.d[1] & 8 ? "1" : row.d[1] & 32 ? "2" : "0";
  const passes = (row, want, skip) => {
    for (const name in want) {
      if (name === skip || want[name] === "") continue;
      if (name === "held" ? held(row) !== want[name] : row.d[F[name]] !== +want[name]) return false;
    }
    return true;
  };
  const filter = () => {
    const words = tools.q.value.trim().toLowerCase().split(/\s+/).filter(Boolean), want = chosen();
    const found = words.length ? rows.filter(row => words.every(w => text(row).includes(w))) : rows;
    shown = found.filter(row => passes(row, want));
    for (const select of tools.querySelectorAll("select")) {
      const tally = new Map();
      for (const row of found) if (passes(row, want, select.name)) { const v = select.name === "held" ? held(row) : String(row.d[F[select.name]]); tally.set(v, (tally.get(v) ?? 0) + 1); }
      for (const option of select.options) if (option.value !== "") { option.dataset.label ??= option.textContent; option.textContent = option.dataset.label + " · " + (tally.get(option.value) ?? 0).toLocaleString("en"); }
    }
    const [name, way] = sort, sign = way === "ascending" ? 1 : -1, get = key(name);
    const value = row => { const v = get(row); return v === null || Number.isNaN(v) ? -Infinity : v; };
    const compare = typeof get(rows[0]) === "string" ? (a, b) => collator.compare(get(a), get(b)) : (a, b) => value(a) - value(b);
    if (name !== "rank" || way !== "ascending") shown = [...shown].sort((a, b) => sign * compare(a, b) || a.i - b.i);
  };
  const paint = (most = limit) => {
    body.replaceChildren(...shown.slice(0, Math.min(limit, most)).map(draw));
    table.setAttribute("aria-busy", most < Math.min(limit, shown.length));
    label();
  };
  const label = () => {
    const n = Math.min(limit, shown.length), rest = shown.length - n;
    count.textContent = count.dataset.text.replace("{n}", shown.length.toLocaleString("en")).replace("{shown}", n.toLocaleString("en"));
    more.hidden = rest <= 0;
    more.textContent = more.dataset.text.replace("{n}", Math.min(page, rest).toLocaleString("en"));
    for (const th of heads) if (th.hasAttribute("aria-sort")) th.setAttribute("aria-sort", names[th.cellIndex] === sort[0] ? sort[1] : "none");
  };
  const hidden = () => [...tools.querySelectorAll("input[name=col]")].filter(c => !c.checked).map(c => c.value);
  const columns = () => { table.className = hidden().map(key => "x-" + key).join(" "); };
  const usual = [...tools.querySelectorAll("input[name=col]")].filter(c => !c.defaultChecked).map(c => c.value).join();
  const save = () => {
    const view = new URLSearchParams();
    if (tools.q.value.trim()) view.set("q", tools.q.value.trim());
    for (const [name, value] of Object.entries(chosen())) if (value !== "") view.set(name, value);
    if (sort.join() !== "rank,ascending") view.set("sort", sort.join());
    if (hidden().join() !== usual) view.set("hide", hidden().join());
    if (levers?.save()) view.set("if", levers.save());
    if (limit !== page) view.set("rows", limit);
    const text = view.toString(), next = text ? "#ranking?" + text : location.hash.startsWith("#ranking?") ? "#ranking" : location.hash;
    if (next !== location.hash) history.replaceState(null, "", next || location.pathname);
  };
  const load = () => {
    if (!location.hash.startsWith("#ranking?")) return false;
    const view = new URLSearchParams(location.hash.slice(9));
    tools.q.value = view.get("q") ?? "";
    for (const select of tools.querySelectorAll("select")) { select.value = view.get(select.name) ?? ""; if (select.selectedIndex < 0) select.value = ""; }
    const [name, way] = (view.get("sort") ?? "rank,ascending").split(",");
    if (names.includes(name) && (way === "ascending" || way === "descending")) sort = [name, way];
    const hide = (view.get("hide") ?? usual).split(",");
    for (const box of tools.querySelectorAll("input[name=col]")) box.checked = !hide.includes(box.value);
    levers?.load(view.get("if") ?? "");
    limit = Math.min(Math.max(parseInt(view.get("rows") ?? page, 10) || page, page), rows.length);
    document.getElementById("ranking").scrollIntoView();
    return true;
  };
  const update = () => { filter(); paint(); columns(); save(); };
  for (const button of table.tHead.querySelectorAll("button")) button.addEventListener("click", () => {
    const th = button.closest("th"), name = names[th.cellIndex];
    const start = th.classList.contains("n") && name !== "rank" ? "descending" : "ascending";
    sort = [name, sort[0] === name && sort[1] === start ? (start === "ascending" ? "descending" : "ascending") : start];
    update();
  });
  tools.addEventListener("input", () => { limit = page; update(); });
  tools.addEventListener("submit", event => event.preventDefault());
  tools.addEventListener("reset", () => setTimeout(() => { sort = ["rank", "ascending"]; limit = page; update(); }));
  more.addEventListener("click", () => { limit += page; update(); });
  addEventListener("hashchange", () => { if (load()) { filter(); paint(); columns(); } });
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input,select,textarea")) return;
    const here = document.activeElement?.closest?.("#ranking-table tbody tr");
    if (event.key === "/") { event.preventDefault(); tools.q.focus(); }
    else if (event.key === "j" || event.key === "k") {
      const next = here ? (event.key === "j" ? here.nextElementSibling : here.previousElementSibling) : body.rows[0];
      if (next) { next.tabIndex = -1; next.focus(); }
    } else if (event.key === "Enter" && here && event.target === here) here.querySelector("a")?.click();
  });
  let levers = null;
  // While a slider moves, the rows in sight follow at once and the others when it rests: a table of 200 rows costs most in its layout.
  let rest = 0;
  levers = what(rows, base, data, () => {
    for (const row of rows) row.text = undefined;
    filter();
    paint(table.parentElement.scrollTop ? limit : 40);
    clearTimeout(rest);
    rest = setTimeout(() => { paint(); save(); }, 120);
  });
  if (load()) update();
  else { filter(); if (body.rows.length < Math.min(limit, shown.length)) paint(); else label(); }
})();
