#!/usr/bin/env bash
# Two thirds are 0.666666, a mean of 37.6866667 ends in 6, and a sum turns negative.
#
# Guess: engines that offer the interface of Spark, or exact decimals, round the last digit of a quotient as Spark
#   does, and say when a sum no longer fits.
# Seen on 28 November 2026, datafusion==55.0.0 pysail==0.7.2 pyspark-client==4.0.1: DataFusion and Sail, which is
#   built on it, cut: 2.00 / 3 is 0.666666, the mean of 12.50, 0.57 and 99.99 is 37.686666. Spark 4.3.0, run beside
#   them, gives 0.666667 and 37.686667. The sum of the largest whole number and 1 is the smallest one, where Spark and
#   DuckDB fail or widen. In Sail round(1.005, 2) of a double is 1.0 and bround(2.5) 3; in Spark 1.01 and 2.
# So: quotients and means are made in DuckDB from exact decimals; Spark is given tables and gives back rows.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'datafusion==55.0.0' 'pysail==0.7.2' 'pyspark-client==4.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import datafusion
from pysail.spark import SparkConnectServer
from pyspark.sql import SparkSession

VALUES = "(VALUES (CAST(12.50 AS DECIMAL(18,2))), (CAST(0.57 AS DECIMAL(18,2))), (CAST(99.99 AS DECIMAL(18,2)))) AS t(m)"
QUESTIONS = [
    "SELECT CAST(2 AS DECIMAL(9,2)) / 3",
    f"SELECT avg(m) FROM {VALUES}",
    "SELECT sum(n) FROM (VALUES (9223372036854775807), (1)) AS t(n)",
]
context = datafusion.SessionContext()
first = [str(context.sql(question).collect()[0].column(0)[0].as_py()) for question in QUESTIONS]
server = SparkConnectServer(ip="127.0.0.1", port=0)
server.start()
session = SparkSession.builder.remote(f"sc://127.0.0.1:{server.listening_address[1]}").getOrCreate()
second = [str(session.sql(question).collect()[0][0]) for question in [*QUESTIONS, "SELECT round(1.005D, 2)", "SELECT bround(2.5)"]]
print("datafusion", first, "sail", second)
assert first == ["0.666666", "37.686666", "-9223372036854775808"]
assert second[:3] == first and second[3] == "1.0" and float(second[4]) == 3
session.stop()
server.stop()
PY
