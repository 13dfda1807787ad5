"""The limits that a user can meet. Beyond a limit Detente refuses the input, or counts and describes instead of
listing.

Most keep a mistake or a hostile file from filling the memory; the others mark where an answer would take too long. A
message that refuses something names the limit.
"""

# Files

#: Bytes of a conflict file or dossier: a hundred thousand statements.
MAX_FILE_BYTES = 60_000_000
#: Maximum nesting depth of the elements of a file.
MAX_YAML_DEPTH = 60
#: Elements of a file, apart from its sources and statements; also, elements that aliases add.
MAX_YAML_ELEMENTS = 300_000
#: Elements of the sources and statements of a file.
MAX_RECORD_ELEMENTS = 4_000_000
#: Elements of a conflict, apart from listed states; a dispute described by hand has a few hundred.
MAX_MODEL_ELEMENTS = 20_000
#: Faults of one kind that are listed.
MAX_FAULTS = 1_000
#: Characters of a condition.
MAX_CONDITION_LENGTH = 20_000
#: Maximum nesting depth of a condition.
MAX_NESTING = 100
#: Length of a chain of statements that report or withdraw each other.
MAX_CHAIN = 50
#: Entries of a list in a ``.gmcr`` file, rankings of states apart.
MAX_GMCR_ENTRIES = 2_000
#: Preferences of one party in a ``.gmcr`` file: GMCR+ adds up powers of two in 64 bits.
MAX_GMCR_STATEMENTS = 63
#: Alternatives into which a condition is expanded for a ``.gmcr`` file.
MAX_GMCR_ALTERNATIVES = 4_096
#: States whose ranks an export lists.
MAX_EXPORT_RANKED = 2**20

# Documents

#: Bytes of a document, packed and unpacked.
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
#: Seconds of processor time for reading a PDF or an HTML page.
MAX_EXTRACTION_SECONDS = 9
#: Bytes of memory for reading a PDF or an HTML page.
MAX_EXTRACTION_MEMORY = 900_000_000
#: Bytes of a reply of a language model.
MAX_REPLY_BYTES = 5_000_000
#: Parties that an imported dossier creates at once.
MAX_PARTIES = 60

# States and moves

#: States up to which results list them; with more, results count and describe them.
MAX_LISTED = 65_536
#: Patterns that describe an equilibrium set; a set that needs more is only counted.
MAX_PATTERNS = 10_000
#: Feasible combinations of options in the explicit engine.
MAX_MEMBERS = 2**26
#: Moves that the explicit engine lists; each takes 8 bytes.
MAX_ARCS = 2**28
#: States for simultaneous sanctions (SIM) in the explicit engine, which compares states pair by pair.
MAX_SIMULTANEOUS = 2**18
#: States for concepts that need a set of states for every state: 2^30 bits for each player.
MAX_COMPARED = 2**15
#: Anticipated ends of non-myopic moves; each takes 4 bytes.
MAX_ENDS = 2**27

# Questions

#: States for the moves of coalitions.
MAX_COALITION_STATES = 4_096
#: Coalitions that `coalitions` analyses.
MAX_COALITIONS = 255
#: Joint moves from one equilibrium to another that `coalitions` lists with their paths; the others are counted.
MAX_JUMPS = 1_000
#: Disputed statements up to which every account is analysed; with more, accounts are sampled.
MAX_CLAIMS = 20
#: States up to which ties are broken in the sampled profiles of `robustness`.
MAX_TIED_STATES = 4_096
#: Groups of tied states in a ranking that `robustness` perturbs.
MAX_GROUPS = 1_024
#: Paths to a state that are listed.
MAX_PATHS = 100
#: Moves that a search for paths holds in memory.
MAX_PATH_MOVES = 1_000_000
#: Total number of steps of a search for simple paths.
MAX_PATH_STEPS = 5_000_000
#: States of a ranking that `invert` may change: the constraint program has six clauses for every three states.
MAX_EDITABLE_RANKED = 48
#: Moves in the constraint program of `invert`.
MAX_INVERSE_MOVES = 100_000
#: Sets of options that `third_party` tries.
MAX_OPTION_SETS = 20_000
