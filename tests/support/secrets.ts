/** ARN of a Secrets Manager secret: not a secret itself. */
export const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:churn/db-AbCdEf";

/** Invented secrets, one of each format. In parts, so that no scanner reports this file. */
export const secrets = [
  ["AKIA", "IOSFODNN7EXAMPLE"],
  ["ASIA", "IOSFODNN7EXAMPLE"],
  ["wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYEXAMPLEKEY"],
  ["-----BEGIN RSA ", "PRIVATE KEY-----\nMIIE"],
  ["-----BEGIN ", "PRIVATE KEY-----"],
  ["postgres://churn:", "hunter2@db.example.com/churn"],
  ["https://hunter2", "@packages.example.com/simple"],
  ["https://example.com/a?access_token=", "hunter2"],
  ["Server=db;Password=", "hunter2"],
  ["Authorization: Bearer ", "abcdefghijklmnopqrstuvwx"],
  ["ghp_", "16C7e42F292c6912E7710c838347Ae178B4a"],
  ["github_pat_", "11ABCDEFG0123456789abc"],
  ["glpat-", "abcdefghij0123456789"],
  ["xoxb-", "123456789012-abcdefghij"],
  ["sk-", "abcdefghijklmnopqrstuvwxyz012345"],
  ["sk-ant-", "api03-abcdefghijklmnop"],
  ["sk_live_", "abcdefghijklmnop"],
  ["AIza", "SyA1234567890abcdefghijklmnopqrstuv"],
  ["hf_", "abcdefghijklmnopqrstuvwxyz"],
  ["npm_", "abcdefghijklmnopqrstuvwxyz0123456789"],
  ["dapi", "0123456789abcdef0123456789abcdef"],
  ["pul-", "0123456789abcdef0123456789abcdef01234567"],
  ["eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"],
  // Random: hexadecimal, base32, base62, base64, base64url.
  ["9f86d081884c7d659a2f", "eaa0c55ad015a3bf4f1b"],
  ["k2v5h7n3q8w1z6x4c9b0", "m2l5j8"],
  ["q7RzT2pWx9LmK4vB8nYc", "3HdF6gJ"],
  ["3q2+7w9Zk8Jf1XbT0uLm", "Vd5RcYpN6sGhEa4oWi7="],
  ["kX9_bQ2-vT7pLm4Zw8Rn", "Jc3_Hs6Df1Gy5KuXo0aB"],
].map((parts) => parts.join(""));
