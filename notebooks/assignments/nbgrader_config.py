"""nbgrader for assignments in TypeScript. docs/teaching.md says how to work with it."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "lectern"

# What stands in a released notebook where the solution was. nbgrader knows no TypeScript by itself.
c.ClearSolutions.code_stub = {"typescript": '// YOUR CODE HERE\nthrow new Error("No Answer Given!");'}

# Seconds for each cell. A cell that takes longer is interrupted and fails; the cells behind it run all the same.
c.Execute.timeout = 30

# nbgrader gives a test no points when anything was written to stderr. In TypeScript that is where console.error and console.warn
# go, and whoever leaves one in has not failed the test: tests that fail throw.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"(?s).*"

# Lines "// AUTOTEST ..." become tests (autotests.yml): by kernel, how such a line begins, and how a printed string loses its quotes.
c.InstantiateTests.comment_strs = {"lectern": "//"}
c.InstantiateTests.sanitizers = {"lectern": lambda text: text.strip("'\"`")}
