import { deliveryRows } from "./deliveryRows";
import { deployMessageRows } from "./deployMessageRows";
import { deployResourceRows } from "./deployResourceRows";
import { deployRows } from "./deployRows";
import { networkRows } from "./networkRows";
import { publisherRows } from "./publisherRows";
import { approverRows } from "./approverRows";
import { pullRequestRows } from "./pullRequestRows";
import { queueRows } from "./queueRows";
import { resourceRows } from "./resourceRows";
import type { Row } from "./row";
import { servingRows } from "./servingRows";
import { stageRows } from "./stageRows";
import { statementRows } from "./statementRows";
import { trainingRows } from "./trainingRows";
import { trialRows } from "./trialRows";
import { trustRows } from "./trustRows";

/** A sentence about every statement that allows something. */
export const rows: readonly Row[] = [
  ...deliveryRows,
  ...trainingRows,
  ...trialRows,
  ...networkRows,
  ...approverRows,
  ...trustRows,
  ...pullRequestRows,
  ...resourceRows,
  ...deployRows,
  ...queueRows,
  ...stageRows,
  ...servingRows,
  ...deployResourceRows,
  ...deployMessageRows,
  ...publisherRows,
  ...statementRows,
];
