"""One cluster for all tests of this folder: a master and two workers on this machine, answering to nobody else."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

LIGHT = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx512m"
"""For Java processes that live for seconds."""


def skip_without_spark() -> None:
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("Spark is not installed (extra `spark`)")
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        pytest.skip("Java is not installed, so no Spark runs here")


@dataclass
class Cluster:
    """A standalone cluster. `session` is the one that all runs of the tests find."""

    address: str
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    session: Any = None

    def start(self, role: str, *arguments: str) -> subprocess.Popen[bytes]:
        import pyspark

        program = Path(pyspark.__path__[0]) / "bin" / "spark-class"
        with (self.folder / f"{role}-{time.monotonic_ns()}.log").open("wb") as log:
            return subprocess.Popen(
                [str(program), f"org.apache.spark.deploy.{role}", "--host", "127.0.0.1", *arguments],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def add_worker(self) -> None:
        work = self.folder / f"worker-{time.monotonic_ns()}"
        arguments = ("--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir", str(work), self.address)
        self.workers.append(self.start("worker.Worker", *arguments))

    def lose_worker(self) -> None:
        """Kill a worker and its executor at once, as a machine that goes dark."""
        end(self.workers.pop(0), signal.SIGKILL)


def end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, how)
    process.wait(30)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    skip_without_spark()
    from screening.engine.spark import spark_session

    port = free_port()
    made = Cluster(f"spark://127.0.0.1:{port}", tmp_path_factory.mktemp("cluster"))
    before = {name: os.environ.get(name) for name in ("SPARK_LOCAL_IP", "JDK_JAVA_OPTIONS")}
    os.environ.update({"SPARK_LOCAL_IP": "127.0.0.1", "JDK_JAVA_OPTIONS": LIGHT})
    master = made.start("master.Master", "--port", str(port), "--webui-port", "0")
    try:
        made.add_worker()
        made.add_worker()
        with spark_session(made.address, 2) as session:
            made.session = session
            yield made
    finally:
        for process in (*made.workers, master):
            end(process, signal.SIGTERM)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
