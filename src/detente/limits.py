"""The limits that a user can meet: beyond them Detente refuses, or counts and describes instead of listing.

Most keep a mistake or a hostile file from filling the memory; the others say from where on an answer would take too
long. A message that refuses something names the figure.
"""

# Files

#: Bytes of a conflict file or dossier.
MAX_FILE_BYTES = 10_000_000
#: How deep the elements of a file may be nested.
MAX_YAML_DEPTH = 60
#: Elements of a file, with its aliases followed.
MAX_YAML_ELEMENTS = 300_000
#: Elements of a conflict, besides those that are known to be many; a dispute that people describe has a few hundred.
MAX_MODEL_ELEMENTS = 20_000
#: Faults of one kind that are listed.
MAX_FAULTS = 1_000
#: Characters of a condition.
MAX_CONDITION_LENGTH = 20_000
#: How deep a condition may be nested.
MAX_NESTING = 100
#: Statements that report or withdraw each other in a row.
MAX_CHAIN = 50
#: Entries of a list in a ``.gmcr`` file, rankings of states apart.
MAX_GMCR_ENTRIES = 2_000
#: Preferences of one party in a ``.gmcr`` file: the other program adds up powers of two in 64 bits.
MAX_GMCR_STATEMENTS = 63
#: Alternatives into which a condition is written out for a ``.gmcr`` file.
MAX_GMCR_ALTERNATIVES = 4_096
#: States whose ranks an export lists.
MAX_EXPORT_RANKED = 2**20

# Documents

#: Bytes of a document, and of what it unpacks to.
MAX_DOCUMENT_BYTES = 50_000_000
#: Characters of a document: about a thousand pages.
MAX_DOCUMENT_CHARACTERS = 2_000_000
#: Characters of a line of a document.
MAX_LINE_CHARACTERS = 100_000
#: Files in a document that is an archive.
MAX_ARCHIVE_FILES = 10_000
#: Elements of a document in HTML or DOCX: many times what a thousand pages have.
MAX_MARKUP_ELEMENTS = 3_000_000
#: Characters between the tags of a document, white space included.
MAX_MARKUP_CHARACTERS = 20_000_000
#: Pages of a PDF.
MAX_PDF_PAGES = 5_000
#: Seconds of processor time that reading a PDF may take.
MAX_PDF_SECONDS = 9
#: Bytes of memory that reading a PDF may take.
MAX_PDF_MEMORY = 900_000_000
#: Characters that the learned tagger reads: a minute or two, and more than any report.
MAX_TAGGED_CHARACTERS = 400_000
#: Bytes of a reply of a language model.
MAX_REPLY_BYTES = 5_000_000
#: Parties that a dossier makes at once.
MAX_PARTIES = 60

# States and moves

#: States up to which results list them; with more, results count and describe them.
MAX_LISTED = 65_536
#: Patterns that describe an equilibrium set; a set that needs more is only counted.
MAX_PATTERNS = 10_000
#: Feasible combinations of options in the explicit engine.
MAX_MEMBERS = 2**26
#: Moves that the explicit engine lists, at 8 bytes each.
MAX_ARCS = 2**28
#: States for simultaneous sanctions (SIM) in the explicit engine, which compares states with states.
MAX_SIMULTANEOUS = 2**18
#: States for concepts that need a set of states for every state: 2^30 bits for each player.
MAX_COMPARED = 2**15
#: Anticipated ends of non-myopic moves, at 4 bytes each.
MAX_ENDS = 2**27

# Questions

#: States for the moves of coalitions.
MAX_COALITION_STATES = 4_096
#: Coalitions that are analysed.
MAX_COALITIONS = 255
#: Disputed statements up to which every account is analysed; with more, accounts are sampled.
MAX_CLAIMS = 20
#: States up to which ties are broken in the sampled profiles of `robustness`.
MAX_TIED_STATES = 4_096
#: Groups of tied states in a ranking that `robustness` perturbs.
MAX_GROUPS = 1_024
#: Paths to a state that are listed.
MAX_PATHS = 100
#: Moves among which paths are looked for: they are held in memory.
MAX_PATH_MOVES = 1_000_000
#: Steps in all of the search for simple paths.
MAX_PATH_STEPS = 5_000_000
#: States of a ranking that `invert` changes: the program has six clauses for every three of them.
MAX_EDITABLE_RANKED = 48
#: Moves for which `invert` writes its program.
MAX_INVERSE_MOVES = 100_000
#: Sets of options that `third_party` tries.
MAX_OPTION_SETS = 20_000
