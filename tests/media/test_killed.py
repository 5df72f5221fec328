"""P10 under fire: killed in the middle of an intake, no row is without its file, and the same
folder then comes in whole.
"""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select

from media.bulk import take_in_folder
from media.maintenance import check, collect
from media.models import Asset
from media.storage import Storage
from pim.db import Database
from pim.processes.process import ROOT

PICTURES = 120
INTAKE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from media import bulk
from media.storage import Storage
from pim.db import Database
bulk.BATCH = 5
url, storage, folder = sys.argv[1:]
bulk.take_in_folder(
    Database(url), Storage(storage), Path(folder), datetime.now(UTC),
    lambda done, total: print(done, flush=True),
)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL")
def test_killed_in_mid_intake_no_row_is_without_its_file_and_the_rest_comes_in_later(
    database: Database, tmp_path: Path
) -> None:
    folder, storage_url = tmp_path / "in", (tmp_path / "storage").as_uri()
    folder.mkdir()
    for number in range(PICTURES):
        Image.new("RGB", (300, 200), (number, 0, 255 - number)).save(folder / f"{number}.png")
    url = database.engine.url.render_as_string(hide_password=False)
    storage = Storage(storage_url)
    for moment in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", INTAKE, url, storage_url, str(folder)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert child.stdout is not None
        child.stdout.readline()  # one batch is in, the next is on its way
        time.sleep(0.03 * moment)
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        assert moment or child.returncode == -signal.SIGKILL
        with database.reading() as session:
            assert not list(check(session, storage))
    results = take_in_folder(database, storage, folder, datetime.now(UTC))
    assert {one.code is None for one in results} == {False}
    with database.writing() as session:
        assert session.execute(select(func.count()).select_from(Asset)).scalar_one() == PICTURES
        collect(session, storage, datetime.now(UTC) + timedelta(days=2))
        assert not list(check(session, storage))
