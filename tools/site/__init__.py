"""The series as a static site: plain files with relative links, for a browser, a host, a phone, and paper.

    make site

writes build/site. Nothing is run: the pages show what is stored in the notebooks. Read in this order:

    prose       Markdown, formulas and code become HTML
    figures     so do outputs: what was printed, figures, demos
    pages       a notebook becomes a page, and all of them an index
    teaching    the guide for teachers, and handouts made of it
    paper       all pages become one file for the printer, with a contents page, and that a PDF
"""
