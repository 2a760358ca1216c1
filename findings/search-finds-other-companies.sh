#!/usr/bin/env bash
# Two search boxes for offline pages: 量子 finds a maker of measuring tools and misses the quantum company.
#
# Guess: a fuzzy search with its defaults finds a term wherever it stands in a text and nothing that lacks half of it;
#   a full-text search finds a word inside a company name.
# Seen on 27 November 2026, fuse.js==7.5.0 minisearch==7.2.0: Fuse.js finds 量子 at the start of a text only (150
#   characters of the usual business scope before it hide it) and offers 量具制造 and 原子能 with a score of 0.5; MiniSearch
#   takes a whole Chinese name as one word: 量子芯 finds 量子芯（深圳）… and not 深圳市量子芯….
# So: the ranking of a report is searched by plain containment of each word, as a reader of Chinese expects.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'fuse.js@7.5.0' 'minisearch@7.2.0' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import Fuse from "fuse.js";
import MiniSearch from "minisearch";

const usual = "一般项目：技术服务、技术开发、技术咨询、技术交流、技术转让、技术推广；软件开发；信息系统集成服务；";
const scopes = [
  { id: "quantum", text: usual.repeat(3) + "量子计算技术服务" },
  { id: "gauges", text: "量具制造" },
  { id: "atoms", text: "原子能" },
];
const fuzzy = new Fuse(scopes, { keys: ["text"] }).search("量子").map((r) => r.item.id);
const words = new MiniSearch({ fields: ["name"] });
words.addAll([{ id: 1, name: "深圳市量子芯科技有限公司" }, { id: 2, name: "量子芯（深圳）有限公司" }]);
const names = words.search("量子芯", { prefix: true }).map((r) => r.id);
console.log("Fuse.js:", fuzzy.join(" "), "· MiniSearch:", names.join(" "));
if (fuzzy.join() !== "gauges,atoms" || names.join() !== "2") throw new Error("changed");
JS
node seen.mjs
