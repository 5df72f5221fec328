// Puts an editor over every rich text of the page.

import { prepareRichTexts } from "./modules/rich-text.js";

prepareRichTexts(document);
document.addEventListener("etalage:shown", () => prepareRichTexts(document));
