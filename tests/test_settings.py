from __future__ import annotations

from pathlib import Path

import pytest

from graphleads.errors import SettingInvalid
from graphleads.settings import Configuration, find_home, load_settings
from graphleads.view.setting import settings_markdown

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"


def configure(home: Path, text: str, **environment: str) -> Configuration:
    (home / "graphleads.yaml").write_text(text, encoding="utf-8")
    return load_settings(home, environment)


def test_without_a_file_everything_is_at_its_default(tmp_path: Path) -> None:
    configuration = load_settings(tmp_path, {})

    assert configuration.settings.team == "main"
    assert {setting.origin for setting in configuration.effective()} == {"default"}


def test_the_environment_goes_before_the_file_and_both_are_named(tmp_path: Path) -> None:
    text = "team: north\nlanguage: zh\nbuild:\n  walk:\n    role:\n      secretary: 0\n"
    configuration = configure(tmp_path, text, GRAPHLEADS_TEAM="south")
    effective = {setting.name: (setting.value, setting.origin) for setting in configuration.effective()}

    assert effective["team"] == ("south", "GRAPHLEADS_TEAM")
    assert effective["language"] == ("zh", "graphleads.yaml")
    assert effective["build.walk.role.secretary"] == (0.0, "graphleads.yaml")
    assert effective["build.walk.role.director"] == (1.0, "default")
    assert effective["recommend.damping"] == (0.85, "default")


def test_passwords_are_never_shown(tmp_path: Path) -> None:
    configuration = configure(tmp_path, "database_url: postgresql://ann:secret@db.example/leads\n")
    shown = {setting.name: setting.value for setting in configuration.effective()}

    assert shown["database_url"] == "postgresql://ann:***@db.example/leads"
    assert configuration.settings.database_url == "postgresql://ann:secret@db.example/leads"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("taem: north\n", r"graphleads.yaml sets taem, which is no setting"),
        (
            "build:\n  walk:\n    person_cap: many\n",
            r"sets build.walk.person_cap to 'many': input should be a valid integer",
        ),
        ("build:\n  walk:\n    person_cap: 0\n", r"sets build.walk.person_cap to 0: input should be greater"),
        ("language: fr\n", r"sets language to 'fr': input should be 'en' or 'zh'"),
        ("build: 3\n", r"sets build to 3"),
        ("- team\n", r"must hold names and values"),
        ("team: [\n", r"cannot be read as YAML"),
        ("? [a]\n: b\n", r"cannot be read as YAML|must hold names"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SettingInvalid, match=sentence):
        configure(tmp_path, text)


def test_a_variable_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match="GRAPHLEADS_LANGUAGE sets language to 'fr'"):
        configure(tmp_path, "", GRAPHLEADS_LANGUAGE="fr")


def test_a_section_is_set_by_the_environment_too(tmp_path: Path) -> None:
    text = "neo4j:\n  uri: bolt://graph.example:7687\n  user: ann\n"
    configuration = configure(tmp_path, text, GRAPHLEADS_NEO4J__USER="bob", GRAPHLEADS_NEO4J__TIMEOUT="5")
    effective = {setting.name: (setting.value, setting.origin) for setting in configuration.effective()}

    assert effective["neo4j.uri"] == ("bolt://graph.example:7687", "graphleads.yaml")
    assert effective["neo4j.user"] == ("bob", "GRAPHLEADS_NEO4J__USER")
    assert effective["neo4j.timeout"] == (5.0, "GRAPHLEADS_NEO4J__TIMEOUT")


def test_the_password_of_neo4j_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from the file\n", encoding="utf-8")
    text = f"neo4j:\n  password_file: {file}\n"
    from_file = configure(tmp_path, text).neo4j_password()
    given = configure(tmp_path, text, GRAPHLEADS_NEO4J__PASSWORD="open sesame")  # noqa: S106 - made up
    from_environment = given.neo4j_password()

    assert load_settings(tmp_path / "elsewhere", {}).neo4j_password() is None
    assert from_file is not None
    assert from_file.get_secret_value() == "from the file"
    assert from_environment is not None
    assert from_environment.get_secret_value() == "open sesame"
    assert "sesame" not in f"{given!r} {given.effective()}"


def test_a_password_is_no_setting_and_no_message_shows_one(tmp_path: Path) -> None:
    for text in ("neo4j:\n  password: sesame\n", "neo4j:\n  uri: bolt://ann:sesame@graph.example\n"):
        with pytest.raises(SettingInvalid, match=r"sets neo4j\.") as caught:
            configure(tmp_path, text)
        assert "sesame" not in str(caught.value)
    (tmp_path / "empty").touch()
    for name, sentence in (("none", "cannot be read: No such file"), ("empty", "is empty")):
        configuration = configure(tmp_path, f"neo4j:\n  password_file: {tmp_path / name}\n")
        with pytest.raises(SettingInvalid, match=sentence):
            configuration.neo4j_password()


def test_a_file_that_is_no_text_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "graphleads.yaml").write_bytes(b"\xff\xfe\x00team")

    with pytest.raises(SettingInvalid, match="cannot be read as YAML"):
        load_settings(tmp_path, {})


def test_the_home_is_given_or_set_or_usual(tmp_path: Path) -> None:
    assert find_home(tmp_path, {"GRAPHLEADS_HOME": "/elsewhere"}) == tmp_path
    assert find_home(None, {"GRAPHLEADS_HOME": str(tmp_path)}) == tmp_path
    assert find_home(None, {}) == Path.home() / ".graphleads"


def test_the_page_on_settings_is_what_the_models_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_markdown(), (
        "run `python -m graphleads.view.setting > docs/settings.md`"
    )
