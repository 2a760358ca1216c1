#!/usr/bin/env bash
# An amount of 0.57 yuan is 57 in the browser
#
# Guess: a decimal column of a Parquet or Arrow file is read in JavaScript as its value, or as a text of it.
# Seen on 28 November 2026, duckdb==2.0.1 apache-arrow==21.2.0 parquet-wasm==0.8.0 hyparquet==1.33.0
#   @dsnp/parquetjs==1.8.8: apache-arrow gives the digits without the point: 0.57 of DECIMAL(18,2) is 57, as text, as
#   a number and in JSON, 399.000 of DECIMAL(9,3) is 399000, from the same file from which hyparquet gives 0.57 and
#   399. @dsnp/parquetjs gives 0.57 as well, but bytes for DECIMAL(38,2).
# So: amounts for a page are written as text or whole fen, or divided by the scale that the schema states.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'duckdb==2.0.1'
npm install --silent --no-fund --no-audit --prefix "$work" 'apache-arrow@21.2.0' 'parquet-wasm@0.8.0' 'hyparquet@1.33.0' '@dsnp/parquetjs@1.8.8' >/dev/null
cd "$work"
"$work/venv/bin/python" - <<'PY'
import duckdb

duckdb.execute("COPY (SELECT 0.57::DECIMAL(18,2) AS x, -399::DECIMAL(9,3) AS y, 0.57::DECIMAL(38,2) AS z) TO 'a.parquet' (FORMAT parquet)")
PY
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import fs from 'node:fs';
import { tableFromIPC } from 'apache-arrow';
import { parquetReadObjects } from 'hyparquet';
import { readParquet } from 'parquet-wasm/node';
import parquetjs from '@dsnp/parquetjs';

const bytes = fs.readFileSync('a.parquet');
const row = tableFromIPC(readParquet(new Uint8Array(bytes)).intoIPCStream()).get(0);
const arrow = [String(row.x), Number(row.x), Number(row.y)];
const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
const [plain] = await parquetReadObjects({ file });
const reader = await parquetjs.ParquetReader.openBuffer(bytes);
const third = await reader.getCursor().next();
console.log('apache-arrow', arrow, 'hyparquet', plain, 'parquetjs', third);
assert.deepStrictEqual(arrow, ['57', 57, -399000]);
assert.deepStrictEqual(plain, { x: 0.57, y: -399, z: 0.57 });
assert.strictEqual(third.x, 0.57);
assert.ok(Buffer.isBuffer(third.z));
JS
node seen.mjs
