/** `Warning` headers as an API server writes them: each sentence once, none with odd characters. */

const CONTROL = /\p{Cc}/u;
const TOTAL_CHARS_MAX = 4096;
const SENTENCE_CHARS_MAX = 256;

/** When all are too long together, each is cut, and there are no more once it is enough. */
export function warningHeaders(sentences: readonly string[]): readonly string[] {
  const told = [...new Set(sentences)]
    .filter((each) => !CONTROL.test(each))
    .map((each) => [...each]);
  const { isTooMuch, firstBeyond } = measured(told);
  if (!isTooMuch) return told.map(header);
  const cut = told.map((each) => each.slice(0, SENTENCE_CHARS_MAX));
  let chars = 0;
  return cut
    .filter((each, index) => {
      const isKept = index <= firstBeyond || chars < TOTAL_CHARS_MAX;
      chars += each.length;
      return isKept;
    })
    .map(header);
}

function measured(told: readonly (readonly string[])[]) {
  let chars = 0;
  const firstBeyond = told.findIndex((each) => (chars += each.length) > TOTAL_CHARS_MAX);
  return { isTooMuch: firstBeyond !== -1, firstBeyond };
}

/** A header is bytes: those of UTF-8, which Node takes one a character. */
function header(sentence: readonly string[]): string {
  const escaped = sentence.join('').replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return Buffer.from(`299 - "${escaped}"`).toString('latin1');
}
