"""Student copies of the notebooks, and grading what comes back.

Read in this order:

exercises   what is asked: one exercise for each cell of the series that calls a checker
student     `make student`: the notebooks without solutions, with what they need to run
confine     the limits, put on from inside by the process that will run handed-in code
box         a kernel behind these limits, and what to do with it
answer      what runs inside: values cross the border as plain JSON, both ways
judging     our checkers, which ask a function in a box and decide outside
handed_in   finds and reads notebooks
grade       `make grade`: runs one notebook to its end, whatever it does
report      the table, in the console, as CSV and as HTML

The verdict is never computed where handed-in code has run. A checker draws its cases in this process, sends
the arguments into the box, and compares what comes back. So a notebook may redefine its checker, print what
it likes or take its kernel apart: all of that only changes what its function answers.
"""
