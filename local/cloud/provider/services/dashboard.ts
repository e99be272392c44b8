import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";

import { unlessGone } from "../clients";
import { defineHandler } from "../handler";
import type { Handler } from "../handler";

/** CloudWatch dashboards, which have no tags. */
export function dashboardHandler(cloudwatch: () => Promise<CloudWatch>): Handler {
  async function put(DashboardName: string, DashboardBody: string): Promise<void> {
    const request = { DashboardName, DashboardBody };
    const { DashboardValidationMessages = [] } = await (await cloudwatch()).putDashboard(request);
    // AWS creates the dashboard in spite of warnings; the widget that a warning names shows nothing.
    const [first] = DashboardValidationMessages;
    if (first !== undefined) {
      throw new Error(`dashboard ${DashboardName}: ${first.DataPath ?? ""} ${first.Message ?? ""}`);
    }
  }

  return defineHandler({
    type: "aws:cloudwatch/dashboard:Dashboard",
    inputs: z.strictObject({ dashboardName: z.string(), dashboardBody: z.string() }),
    replaceOn: ["dashboardName"],
    jsonText: ["dashboardBody"],

    async create({ dashboardBody, dashboardName }) {
      await put(dashboardName, dashboardBody);
      return dashboardName;
    },

    async read(id) {
      const api = await cloudwatch();
      const gone = /^(DashboardNotFoundError|ResourceNotFound)/;
      const found = await unlessGone(api.getDashboard({ DashboardName: id }), gone);
      if (found === undefined) return undefined;
      return {
        dashboardName: found.DashboardName,
        dashboardBody: found.DashboardBody,
        dashboardArn: found.DashboardArn,
      };
    },

    async update(id, { dashboardBody }) {
      await put(id, dashboardBody);
    },

    async delete(id) {
      await (await cloudwatch()).deleteDashboards({ DashboardNames: [id] });
    },
  });
}
