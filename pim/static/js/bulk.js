// The preview of a bulk edit.
import { endWhenConfirmed } from "./modules/selection.js";

endWhenConfirmed();
