import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

const partsKnowOnlyPolicies = {
  files: ["components/parts/*.ts"],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            group: ["./*", "../*", "!../policies", "!../names"],
            message: "a part is told everything by its args: it imports nothing of the house",
          },
        ],
      },
    ],
  },
};

const componentsDeclare = {
  files: ["components/**/*.ts"],
  rules: {
    "no-restricted-syntax": [
      "error",
      {
        selector: "NewExpression[callee.property.name='Config']",
        message: "only config.ts reads configuration",
      },
      {
        selector: "MemberExpression[object.name='process'][property.name='env']",
        message: "a component is told everything by its args",
      },
      {
        selector:
          "CallExpression[callee.property.name='apply'] NewExpression[callee.object.object.name='aws']",
        message: "never create a resource inside apply",
      },
    ],
    "no-restricted-imports": [
      "error",
      {
        paths: ["fs", "node:fs", "child_process", "node:child_process"],
        patterns: [
          { group: ["**/config", "**/local/*"], message: "components know nothing of the program" },
        ],
      },
    ],
  },
};

const starterIsRead = {
  files: ["components/seeding/starter.ts"],
  rules: { "no-restricted-imports": ["error", { paths: ["child_process", "node:child_process"] }] },
};

const indexOnlyWires = {
  files: ["index.ts"],
  rules: {
    "no-restricted-imports": [
      "error",
      { paths: [{ name: "@pulumi/aws", message: "index.ts only wires settings to components" }] },
    ],
  },
};

const endpointGoesAlone = {
  files: ["endpoint/*.ts"],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            regex:
              "^\\.\\./(?!components/(checks/(problems|rules)|outputs/(contract|modelBuildOutputs))$)",
            message: "the deploy repository gets endpoint/, and beside it no more than these files",
          },
        ],
      },
    ],
  },
};

// Last among the component rules: a later block replaces a rule, it does not add to it.
const policiesAreData = {
  files: ["components/policies/*.ts"],
  rules: {
    "no-restricted-syntax": [
      "error",
      { selector: "NewExpression", message: "policies are data: they create nothing" },
      { selector: "CallExpression[callee.property.name='apply']", message: "policies are data" },
    ],
  },
};

const lawKnowsNoBuilder = {
  files: ["policy/**/*.ts"],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        paths: [{ name: "@pulumi/aws", message: "rules judge plain data, of any version" }],
        patterns: [
          {
            group: ["**/components/**", "**/local/**", "**/config"],
            message: "the policy pack judges anyone's stack: it knows nothing of this program",
          },
        ],
      },
    ],
  },
};

// They take the component package by its name, which only the root's config finds in this repository.
const projectsOfTheirOwn = {
  files: ["examples/consumer/**/*.ts", "template/**/*.ts"],
  languageOptions: {
    parserOptions: { projectService: false, project: "tsconfig.examples.json" },
  },
};

const everywhere = {
  rules: {
    "@typescript-eslint/no-require-imports": ["error", { allowAsImport: true }],
    // `const { policy: _, ...rest }` is how a test says "all but this".
    "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_$" }],
  },
};

export default tseslint.config(
  { ignores: ["**/node_modules", "coverage", "dist", "dist-template", ".local"] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
  },
  { files: ["**/*.mjs"], extends: [tseslint.configs.disableTypeChecked] },
  projectsOfTheirOwn,
  everywhere,
  componentsDeclare,
  partsKnowOnlyPolicies,
  starterIsRead,
  indexOnlyWires,
  endpointGoesAlone,
  policiesAreData,
  lawKnowsNoBuilder,
);
