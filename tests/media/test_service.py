"""Taking in, drawing and keeping in step, on both engines and a real folder."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from media import queries, service
from media.bulk import BATCH, make_renditions, take_in_files, take_in_folder
from media.maintenance import check, collect
from media.models import Asset, AssetName, Rendition
from media.names import display_name
from media.presets import PRESETS
from media.storage import Storage
from pim.db import Database
from pim.errors import Conflict, Invalid, NotFound

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage((tmp_path / "storage").as_uri())


def picture(
    colour: tuple[int, int, int] = (200, 60, 20), size: tuple[int, int] = (600, 400)
) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def taken(
    database: Database,
    storage: Storage,
    filename: str = "bike.png",
    data: bytes | None = None,
    now: datetime = NOW,
) -> str:
    with database.writing() as session:
        return service.take_in(session, storage, filename, data or picture(), now).code


def count(session: Session, model: type[Asset | AssetName | Rendition]) -> int:
    return session.execute(select(func.count()).select_from(model)).scalar_one()


def test_a_picture_taken_in_has_its_file_its_facts_and_its_small_renditions(
    database: Database, storage: Storage
) -> None:
    data = picture()
    code = taken(database, storage, "photos/Bike red.PNG", data)
    with database.reading() as session:
        asset = session.get_one(Asset, code)
        assert asset.code == asset.sha256[:20]
        assert (asset.filename, asset.content_type, asset.width, asset.height, asset.frames) == (
            "Bike red.PNG",
            "image/png",
            600,
            400,
            1,
        )
        assert (asset.bytes, asset.created) == (len(data), NOW)
        assert storage.get(asset.storage_key) == data
        thumb = queries.rendition(session, code, PRESETS["thumb"].key)
        assert thumb is not None
        assert (thumb.width, thumb.height, thumb.content_type) == (160, 107, "image/webp")
        assert len(storage.get(thumb.storage_key)) == thumb.bytes
        assert not list(check(session, storage))


def test_the_same_bytes_are_the_same_asset_whatever_they_are_called(
    database: Database, storage: Storage
) -> None:
    first = taken(database, storage, "one.png")
    second = taken(database, storage, "two.png", now=NOW + timedelta(days=1))
    other = taken(database, storage, "three.png", picture((1, 2, 3)))
    assert first == second != other
    with database.reading() as session:
        assert count(session, Asset) == 2
        assert session.get_one(Asset, first).filename == "one.png"
        assert session.get_one(Asset, first).created == NOW
        assert queries.by_filename(session, ["one.png", "two.png", "no.png"]) == {
            "one.png": first,
            "two.png": first,
        }


def test_the_type_is_told_by_the_content_and_not_by_the_name(
    database: Database, storage: Storage
) -> None:
    with database.writing() as session:
        asset = service.take_in(session, storage, "script.html", picture(), NOW)
        assert (asset.content_type, asset.storage_key[-4:]) == ("image/png", ".png")


@pytest.mark.parametrize("data", [b"", b"<svg onload='alert(1)'/>", b"hello", picture()[:-40]])
def test_a_refused_file_leaves_nothing_behind(
    database: Database, storage: Storage, data: bytes
) -> None:
    with pytest.raises(Invalid) as refused, database.writing() as session:
        service.take_in(session, storage, "picture.png", data, NOW)
    assert list(refused.value.messages) == ["file"]
    with database.reading() as session:
        assert count(session, Asset) == 0
    assert list(storage.list("")) == []


def test_a_file_that_is_too_large_is_refused(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_BYTES", 1024 * 1024)
    with pytest.raises(Invalid, match="larger than 1 MB"):
        service.prepare(storage, "big.png", picture() + bytes(1024 * 1024))


def test_a_pdf_is_kept_without_renditions(database: Database, storage: Storage) -> None:
    code = taken(database, storage, "manual.pdf", PDF)
    with database.writing() as session:
        asset = session.get_one(Asset, code)
        assert (asset.content_type, asset.width, asset.frames) == ("application/pdf", None, 1)
        assert storage.get(asset.storage_key) == PDF
        with pytest.raises(NotFound, match=r"manual\.pdf"):
            service.rendition(session, storage, code, PRESETS["feed"])
    assert make_renditions(database, storage, [code], [PRESETS["feed"]]).failed == {}


def test_a_code_that_belongs_to_other_bytes_is_a_conflict(
    database: Database, storage: Storage
) -> None:
    prepared = service.prepare(storage, "a.png", picture())
    with database.writing() as session:
        service.record(session, prepared, NOW)
    forged = service.Prepared(
        {**prepared.asset, "sha256": prepared.asset["sha256"][:20] + "0" * 44}, [], "b.png"
    )
    with pytest.raises(Conflict, match=prepared.asset["code"]), database.writing() as session:
        service.record(session, forged, NOW)


def test_a_rendition_is_made_once_and_kept(database: Database, storage: Storage) -> None:
    code = taken(database, storage)
    with database.writing() as session:
        made = service.rendition(session, storage, code, PRESETS["feed"])
        assert (made.width, made.height, made.content_type) == (600, 400, "image/jpeg")
        key = made.storage_key
    storage.put(key, b"as it was")
    with database.writing() as session:
        assert service.rendition(session, storage, code, PRESETS["feed"]).storage_key == key
    assert storage.get(key) == b"as it was"


def test_a_picture_that_is_not_there_is_not_found(database: Database, storage: Storage) -> None:
    code = taken(database, storage)
    with database.writing() as session:
        with pytest.raises(NotFound, match="00000000000000000000"):
            service.rendition(session, storage, "0" * 20, PRESETS["feed"])
        storage.delete(session.get_one(Asset, code).storage_key)
        with pytest.raises(NotFound, match="has no file"):
            service.rendition(session, storage, code, PRESETS["feed"])


def test_two_who_take_in_the_same_picture_at_once_both_get_it(
    database: Database, storage: Storage
) -> None:
    prepared = [service.prepare(storage, name, picture()) for name in ("one.png", "two.png")]
    for one in prepared:
        with database.writing() as session:
            assert service.record(session, one, NOW).filename == "one.png"
    with database.reading() as session:
        assert (count(session, Asset), count(session, AssetName), count(session, Rendition)) == (
            1,
            2,
            2,
        )


def test_pictures_are_found_by_path_then_by_name_whatever_the_case_and_the_newest_wins(
    database: Database, storage: Storage
) -> None:
    old = taken(database, storage, "files/1/Bag é.png", picture((1, 1, 1)))
    new = taken(
        database, storage, "files/2/bag e\u0301.PNG", picture((2, 2, 2)), NOW + timedelta(hours=1)
    )
    asked = [
        "files/1/bag é.png",
        "FILES\\2\\Bag é.png",
        "Bag É.png",
        "C:\\shop\\files\\1\\Bag é.png",
        "/files/1/bag é.png",
        "https://cdn.example.org/1/../files/2/Bag é.png",
        "elsewhere/bag é.png",
        "https://cdn.example.org/bag é.png",
        "other.png",
    ]
    with database.reading() as session:
        assert list(queries.by_filename(session, asked).items()) == list(
            zip(asked, [old, new, new, old, old, new], strict=False)
        )
    taken(database, storage, "files/1/Bag é.png", picture((1, 1, 1)), NOW + timedelta(hours=2))
    with database.reading() as session:
        assert queries.by_filename(session, ["Bag é.png"]) == {"Bag é.png": old}


def test_a_name_that_pictures_of_two_folders_have_is_told(
    database: Database, storage: Storage
) -> None:
    red = picture((1, 1, 1))
    taken(database, storage, "red/front.png", red)
    taken(database, storage, "blue/front.png", picture((2, 2, 2)))
    taken(database, storage, "blue/side.png", picture((3, 3, 3)))
    taken(database, storage, "blue/side.png", picture((4, 4, 4)), NOW + timedelta(hours=1))
    taken(database, storage, "red/back.png", red)
    taken(database, storage, "blue/back.png", red)
    names = ["Front.png", "blue/front.png", "side.png", "back.png", "other.png"]
    with database.reading() as session:
        assert queries.namesakes(session, names) == {
            "Front.png": ["blue/front.png", "red/front.png"]
        }
    taken(database, storage, "front.png", picture((5, 5, 5)))
    with database.reading() as session:
        assert queries.namesakes(session, ["front.png"]) == {
            "front.png": ["blue/front.png", "front.png", "red/front.png"]
        }


def test_a_picture_of_another_folder_is_not_taken_for_the_one_that_is_missing(
    database: Database, storage: Storage
) -> None:
    taken(database, storage, "red/front.png", picture((1, 1, 1)))
    plain = taken(database, storage, "side.png", picture((2, 2, 2)))
    with database.reading() as session:
        assert queries.by_filename(session, ["blue/front.png", "blue/side.png"]) == {}
        assert queries.by_filename(session, ["side.png", "./side.png"]) == {
            "side.png": plain,
            "./side.png": plain,
        }


def test_sharp_s_and_double_s_name_two_pictures(database: Database, storage: Storage) -> None:
    sharp = taken(database, storage, "Maß.png", picture((1, 1, 1)))
    double = taken(database, storage, "Mass.png", picture((2, 2, 2)))
    with database.reading() as session:
        found = queries.by_filename(session, ["maß.png", "MASS.png"])
    assert found == {"maß.png": sharp, "MASS.png": double}


def test_by_codes_answers_for_a_thousand(database: Database, storage: Storage) -> None:
    code = taken(database, storage)
    with database.reading() as session:
        found = queries.by_codes(session, [code, *(f"{number:020x}" for number in range(1200))])
    assert list(found) == [code]
    assert found[code].filename == "bike.png"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\photos\\a.png", "a.png"),
        ("../../etc/passwd", "passwd"),
        ("a\0b\n.png", "ab.png"),
        ("", "unnamed"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_file_name_is_fit_to_be_shown_and_downloaded(given: str, shown: str) -> None:
    assert display_name(given) == shown


def fill(folder: Path) -> None:
    (folder / "deep").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / "a.png").write_bytes(picture((10, 0, 0)))
    (folder / "b.txt").write_text("no picture")
    (folder / "deep" / "c.png").write_bytes(picture((30, 0, 0)))
    (folder / "deep" / "copy of a.png").write_bytes(picture((10, 0, 0)))
    (folder / ".hidden" / "d.png").write_bytes(picture((40, 0, 0)))


def test_a_folder_comes_in_whole_and_says_what_became_of_each_file(
    database: Database, storage: Storage, tmp_path: Path
) -> None:
    fill(tmp_path / "in")
    seen: list[tuple[int, int]] = []
    results = take_in_folder(
        database,
        storage,
        tmp_path / "in",
        NOW,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert [(one.filename, one.code is not None) for one in results] == [
        ("a.png", True),
        ("b.txt", False),
        ("deep/c.png", True),
        ("deep/copy of a.png", True),
    ]
    assert "neither a picture nor a PDF" in str(results[1].messages[0])
    assert results[0].code == results[3].code
    assert seen == [(4, 4)]
    with database.reading() as session:
        assert count(session, Asset) == 2
        assert queries.by_filename(session, ["deep/c.png"]) == {"deep/c.png": results[2].code}


@pytest.mark.parametrize(
    "left", ["Thumbs.db", "deep/desktop.ini", "__MACOSX/a.png", ".DS_Store", "deep/@eaDir/a.png"]
)
def test_what_systems_leave_in_a_folder_is_passed_over(
    database: Database, storage: Storage, tmp_path: Path, left: str
) -> None:
    folder = tmp_path / "in"
    for name in ("a.png", left):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(picture() if name == "a.png" else b"not for us")
    found = take_in_folder(database, storage, folder, NOW)
    assert [(one.filename, one.messages) for one in found] == [("a.png", [])]


def test_a_folder_that_came_in_before_is_not_decoded_again(
    database: Database, storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "in")
    first = take_in_folder(database, storage, tmp_path / "in", NOW)
    monkeypatch.setattr("media.service.decode", None)
    again = take_in_folder(database, storage, tmp_path / "in", NOW)
    assert [one.code for one in again] == [one.code for one in first]
    assert not any(one.is_new for one in again)


def test_an_original_that_was_lost_is_healed_by_taking_it_in_again(
    database: Database, storage: Storage, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(picture())
    take_in_files(database, storage, [("a.png", path)], NOW)
    with database.reading() as session:
        storage.delete(session.scalars(select(Asset.storage_key)).one())
        assert len(list(check(session, storage))) == 1
    take_in_files(database, storage, [("a.png", path)], NOW)
    with database.reading() as session:
        assert not list(check(session, storage))


def test_a_file_that_points_to_nothing_costs_nothing_else(
    database: Database, storage: Storage, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    files = [
        ("gone.png", tmp_path / "gone.png"),
        ("folder", tmp_path),
        ("a.png", tmp_path / "a.png"),
    ]
    results = take_in_files(database, storage, files, NOW)
    assert [one.code is None for one in results] == [True, True, False]
    assert "cannot be read" in str(results[0].messages[0])


def test_renditions_are_made_where_they_are_missing_and_failures_are_named(
    database: Database, storage: Storage
) -> None:
    codes = [
        taken(database, storage, f"{number}.png", picture((number, 0, 0))) for number in range(3)
    ]
    with database.reading() as session:
        storage.delete(session.get_one(Asset, codes[1]).storage_key)
    wanted = [PRESETS["thumb"], PRESETS["large"], PRESETS["feed"]]
    result = make_renditions(database, storage, [*codes, "f" * 20], wanted)
    assert result.drawn == 4
    assert list(result.failed) == [codes[1]]
    assert make_renditions(database, storage, [codes[0], codes[2]], wanted).drawn == 0
    with database.reading() as session:
        assert count(session, Rendition) == 3 * 2 + 4


def test_work_that_is_stopped_between_two_batches_keeps_what_is_done(
    database: Database, storage: Storage
) -> None:
    prepared = [
        service.prepare(storage, f"{number}.png", picture((number, 0, 0), (20, 20)))
        for number in range(BATCH + 5)
    ]
    with database.writing() as session:
        codes = [service.record(session, one, NOW).code for one in prepared]

    def stop(done: int, total: int) -> None:
        assert (done, total) == (BATCH, BATCH + 5)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        make_renditions(database, storage, codes, [PRESETS["feed"]], progress=stop)
    assert make_renditions(database, storage, codes, [PRESETS["feed"]]).drawn == 5


def age(storage: Storage, key: str) -> None:
    path = storage.local_path(key)
    assert path is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"left over")


def test_the_collector_removes_what_no_row_names_and_nothing_that_may_still_be_on_its_way(
    database: Database, storage: Storage
) -> None:
    code = taken(database, storage)
    left_over = ["incoming/half", "originals/ab/left.png", "renditions/ab/left/thumb-1.webp"]
    for key in left_over:
        age(storage, key)
    today, later = datetime.now(UTC), datetime.now(UTC) + timedelta(days=2)
    with database.writing() as session:
        assert collect(session, storage, today) == []
        assert sorted(collect(session, storage, later)) == left_over
        assert not list(check(session, storage))
        assert storage.exists(session.get_one(Asset, code).storage_key)


def test_renditions_of_former_settings_go_row_first_then_file(
    database: Database, storage: Storage
) -> None:
    code = taken(database, storage)
    former = {
        "asset": code,
        "preset": "thumb-00000000",
        "storage_key": "renditions/ab/x/thumb-00000000.webp",
    }
    age(storage, former["storage_key"])
    later = datetime.now(UTC) + timedelta(days=2)
    with database.writing() as session:
        service.add_row(
            session,
            Rendition,
            {**former, "content_type": "image/webp", "width": 1, "height": 1, "bytes": 9},
        )
    with database.writing() as session:
        assert collect(session, storage, later) == []
        assert storage.exists(former["storage_key"])
    with database.writing() as session:
        assert collect(session, storage, later) == [former["storage_key"]]


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"half")])
def test_check_names_a_row_whose_file_is_gone_or_cut_short(
    database: Database, storage: Storage, harm: Callable[[Path], object]
) -> None:
    code = taken(database, storage)
    with database.reading() as session:
        key = session.get_one(Asset, code).storage_key
        path = storage.local_path(key)
        assert path is not None
        harm(path)
        assert [(one.asset, one.key) for one in check(session, storage)] == [(code, key)]


def test_the_pictures_of_a_whole_catalogue_come_in(
    sqlite_database: Database, storage: Storage, shared: Path
) -> None:
    folder = shared / "data" / "akeneo_icecat_demo_dev"
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in (folder / "files").rglob("*")
        if path.is_file()
    )
    results = take_in_files(
        sqlite_database, storage, [(name, folder / name) for name in names], NOW
    )
    assert len(results) == len(names) == 258
    assert [one.filename for one in results if one.code is None] == []
    with sqlite_database.reading() as session:
        assert queries.by_filename(session, names) == {one.filename: one.code for one in results}
        assert not list(check(session, storage))


def test_a_storage_that_does_not_write_is_told_and_leaves_no_row(
    database: Database, storage: Storage, tmp_path: Path
) -> None:
    (tmp_path / "storage" / "originals").write_text("a file where a folder should be")
    with pytest.raises(Conflict, match="does not answer"), database.writing() as session:
        service.take_in(session, storage, "bike.png", picture(), NOW)
    with database.reading() as session:
        assert count(session, Asset) == 0
