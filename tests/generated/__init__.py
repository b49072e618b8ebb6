"""Generated inputs for what reads strangers' text: the gate, HTML, dates, JSON, OPML, searches.

properties.py   what must hold of any input; says so with an AssertionError
strategies.py   how the inputs are made, near to where rules meet
safe.py         what a terminal may be shown, told by Unicode's own data and not by our gate

subjects.py     both together, by name

The test run tries 10,000 of them (`test_generated.py`); `python -m tests.generated 1000000` tries
as many as it is told to, other ones each time. `tests/fuzz` asks the same of what a fuzzer finds.
"""
