#!/usr/bin/env bash
# Three equal companies have 33.34 %, 33.33 % and 33.33 %, and the average of three shares is 0.
#
# Guess: equal values in a pie are printed with equal shares; a line at the average is labelled with the average; a
#   day a time axis cannot read is an error.
# Seen on 28 November 2026, echarts==6.1.0: the first of three equal parts is given the hundredth that is left over.
#   The average of 0.001, 0.002 and 0.0049 is labelled 0, beside bars labelled with all their digits. Of five days
#   written 2024-03, 2024/3/5, 2024年3月9日, 20240310 and 2024-3-11 the third and fourth are left out without a word; a
#   text "0x10" is a bar of 16. A filter "not at least 5" keeps those without a figure, "below 5" does not.
# So: labels of our pages are printed by our own code from exact figures; a chart draws what has been read already.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'echarts@6.1.0' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import * as echarts from 'echarts';

function texts(option) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 600, height: 300 });
  chart.setOption({ animation: false, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((found) => found[1]);
}
const show = (name, seen, expected) => {
  console.log(name, seen);
  assert.deepStrictEqual(seen, expected);
};
const equal = ['a', 'b', 'c'].map((name) => ({ name, value: 1 }));
show('pie', texts({ series: { type: 'pie', label: { formatter: '{b} {d}%' }, data: equal } }), ['a 33.34%', 'b 33.33%', 'c 33.33%']);
const x = { xAxis: { type: 'category', data: ['a', 'b', 'c'] }, yAxis: { show: false } };
const shares = { type: 'bar', data: [0.001, 0.002, 0.0049], label: { show: true }, markLine: { data: [{ type: 'average' }] } };
show('average', texts({ ...x, series: shares }).sort(), ['0', '0.001', '0.002', '0.0049', 'a', 'b', 'c']);
const days = ['2024-03', '2024/3/5', '2024年3月9日', '20240310', '2024-3-11'].map((day, place) => [day, place + 1]);
const timed = texts({ xAxis: { type: 'time', show: false }, yAxis: { show: false }, series: { type: 'bar', label: { show: true }, data: days } });
show('days', timed, ['1', '2', '5']);
const source = [['a', 3], ['b', null], ['c', 10], ['d', '-']];
const kept = (config) => texts({
  dataset: [{ dimensions: ['name', 'figure'], source }, { transform: { type: 'filter', config } }],
  xAxis: { type: 'category' }, yAxis: { show: false }, series: { type: 'bar', datasetIndex: 1, encode: { x: 'name', y: 'figure' } },
});
show('below 5', kept({ dimension: 'figure', '<': 5 }), ['a']);
show('not at least 5', kept({ not: { dimension: 'figure', '>=': 5 } }), ['a', 'b', 'd']);
JS
node seen.mjs
