"""A teacher's round with nbgrader: releases the assignment, grades submissions, writes feedback; prints the findings as JSON.

Arguments: the course's folder, the assignment's name, a JSON file {student: {grade_id: source of that cell}}.
"""

import json
import os
import sys
from pathlib import Path

import nbformat
from nbgrader.apps import NbGraderApp
from nbgrader.apps.api import NbGraderAPI
from nbgrader.validator import Validator

course, assignment, submissions = sys.argv[1:]
os.chdir(course)
app = NbGraderApp()
app.log_level = "ERROR"
app.initialize([])
api = NbGraderAPI(config=app.config)
file = f"{assignment}.ipynb"
source, release = (Path(folder) / assignment / file for folder in ("source", "release"))
errors, scores, outputs, feedback = {}, {}, {}, {}


def note(step, result):
    if not result["success"]:
        errors[step] = result["log"]


def named(path):
    """The notebook's cells by their names in nbgrader."""
    notebook = nbformat.read(path, as_version=4)
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


def failing(path):
    """The names of the cells that validation complains about."""
    names = {cell.source.strip(): name for name, cell in named(path).items()}
    return [names[one["source"]] for one in Validator(config=app.config).validate(str(path)).get("failed", [])]


def hand_in(student, answers):
    notebook = nbformat.read(release, as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    folder = Path("submitted") / student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / file)


generated = api.generate_assignment(assignment)
if not generated["success"]:
    sys.exit(generated["log"])
found = {
    "release": {name: cell.source for name, cell in named(release).items()},
    "failing": {"source": failing(source), "release": failing(release)},
}

for student, answers in json.loads(Path(submissions).read_text()).items():
    hand_in(student, answers)
    graded = api.autograde(assignment, student)
    note(f"autograde {student}", graded)
    if not graded["success"]:
        continue
    note(f"feedback {student}", api.generate_feedback(assignment, student))
    with api.gradebook as gradebook:
        [notebook] = gradebook.find_submission(assignment, student).notebooks
        scores[student] = {grade.name: grade.auto_score for grade in notebook.grades}
    cells = named(Path("autograded") / student / assignment / file)
    outputs[student] = {name: cell.outputs for name, cell in cells.items() if cell.cell_type == "code"}
    page = Path("feedback") / student / assignment / f"{assignment}.html"
    feedback[student] = page.read_text() if page.exists() else None

json.dump({**found, "errors": errors, "scores": scores, "outputs": outputs, "feedback": feedback}, sys.stdout)
