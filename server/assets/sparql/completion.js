// Completion of classes, properties and prefixes from what the data holds; nothing is asked of other sites.
export async function loadTerms() {
  try {
    const answer = await fetch("/sparql/terms.json");
    if (answer.ok) return await answer.json();
  } catch {
    // Without terms the editor still edits.
  }
  return { prefixes: {}, classes: [], properties: [] };
}

function shorten(iri, prefixes) {
  for (const [prefix, start] of Object.entries(prefixes))
    if (iri.startsWith(start) && /^[\w-]*$/.test(iri.slice(start.length))) return `${prefix}:${iri.slice(start.length)}`;
  return `<${iri}>`;
}

// Terms are completed as they are written, with a prefix; a chosen one gets its PREFIX line.
function completer(name, iris, prefixes, fits) {
  return {
    name,
    bulk: false,
    autoShow: false,
    isValidCompletionPosition: (editor) => fits(editor.getCompleteToken(), editor),
    preProcessToken: (editor, token) => ({ ...token, autocompletionString: token.string }),
    get: (editor, token) => {
      const typed = token.string.trim().toLowerCase();
      const all = iris.map((iri) => shorten(iri, prefixes));
      const starting = all.filter((each) => each.toLowerCase().startsWith(typed));
      return starting.length ? starting : all.filter((each) => each.toLowerCase().includes(typed));
    },
    postProcessSuggestion: (editor, token, chosen) => {
      const prefix = chosen.split(":")[0];
      if (prefix in prefixes && !(prefix in editor.getPrefixesFromQuery()))
        setTimeout(() => editor.addPrefixes({ [prefix]: prefixes[prefix] }));
      return chosen;
    },
  };
}

const isVariable = (token) => /^[?$]/.test(token.string);

function before(editor, token) {
  const line = editor.getDoc().getCursor().line;
  return editor.getPreviousNonWsToken(line, token).string;
}

export function setUpCompletion(Yasqe, { prefixes, classes, properties }) {
  const afterType = (token, editor) => !isVariable(token) && ["a", "rdf:type"].includes(before(editor, token));
  Yasqe.registerAutocompleter(completer("remit-class", classes, prefixes, afterType), false);
  const elsewhere = (token, editor) =>
    !isVariable(token) && !afterType(token, editor) && token.state?.possibleCurrent?.includes("a");
  Yasqe.registerAutocompleter(completer("remit-property", properties, prefixes, elsewhere), false);
  Yasqe.registerAutocompleter(
    {
      name: "remit-prefix",
      bulk: false,
      autoShow: true,
      isValidCompletionPosition: (editor) => before(editor, editor.getCompleteToken()).toUpperCase() === "PREFIX",
      preProcessToken: (editor, token) => ({ ...token, autocompletionString: token.string }),
      get: (editor, token) =>
        Object.entries(prefixes)
          .map(([prefix, iri]) => `${prefix}: <${iri}>`)
          .filter((each) => each.startsWith(token.string.trim())),
    },
    false,
  );
}
