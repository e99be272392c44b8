import type { Stepping } from "../report/steps";
import { runUntilIdle } from "../services/runUntilIdle";
import { worsenTraining } from "./faults";
import { mustNotify } from "./notifications";
import { mustBe, mustStart, nextVersion, push, type Scenario } from "./push";
import { starter } from "./readFolder";

/** A push of the starter with a worse model, while production serves this version. */
export async function runWorseChallenger(
  { step }: Stepping,
  scenario: Scenario,
  champion: number,
): Promise<void> {
  const { buildspec, inbox, testEnvironment } = scenario;
  const version = champion.toString();
  await step(
    `a push whose model is worse than version ${version}, in production, registers nothing; one notification has the figures`,
    async () => {
      const { files } = await starter(buildspec, testEnvironment.context.signal);
      const next = await nextVersion(scenario);
      const worse = { files: worsenTraining(files, buildspec) };
      await mustStart(await push(scenario, "A worse model", worse), scenario);
      const { deliveries, trainings } = await runUntilIdle(testEnvironment);
      const ends = trainings.map(({ status }) => status).join();
      mustBe("status of the training executions", ends, "Failed");
      mustBe("next model version", await nextVersion(scenario), next);
      const said = deliveries.flatMap(({ lines }) => lines).join("\n");
      mustBe("champion in the build log", /^Champion: version (\d+)/m.exec(said)?.[1], version);
      const figures = `worse than the champion by more than noise: accuracy[^]*Champion: version ${version}, on the same 143 test rows: accuracy \\d\\.\\d{4} to \\d\\.\\d{4}`;
      await mustNotify(
        inbox,
        new RegExp(`^"?Training of .* failed\\.[^]*step Reject[^]*${figures}`),
      );
    },
  );
}
