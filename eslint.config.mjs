import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

const partImports = {
  files: ["components/parts/*.ts"],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            group: ["./*", "../*", "!../policies", "!../names"],
            message: "Parts import only policies and names: pass other values as arguments.",
          },
        ],
      },
    ],
  },
};

const componentImports = {
  files: ["components/**/*.ts"],
  rules: {
    "no-restricted-syntax": [
      "error",
      {
        selector: "NewExpression[callee.property.name='Config']",
        message: "Only config.ts reads the stack config.",
      },
      {
        selector: "MemberExpression[object.name='process'][property.name='env']",
        message: "Components must not read the environment: pass values as arguments.",
      },
      {
        selector:
          "CallExpression[callee.property.name='apply'] NewExpression[callee.object.object.name='aws']",
        message: "Do not create resources inside apply.",
      },
    ],
    "no-restricted-imports": [
      "error",
      {
        paths: ["fs", "node:fs", "child_process", "node:child_process"],
        patterns: [
          {
            group: ["**/config", "**/local/**", "**/lib/**", "**/scripts/**"],
            message: "Components must not import the program, its scripts or the local cloud.",
          },
        ],
      },
    ],
  },
};

const seedingImports = {
  files: ["components/seeding/starter.ts"],
  rules: { "no-restricted-imports": ["error", { paths: ["child_process", "node:child_process"] }] },
};

const indexImports = {
  files: ["index.ts"],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        paths: [
          {
            name: "@pulumi/aws",
            message: "index.ts passes settings to components and creates no AWS resources.",
          },
        ],
        patterns: [
          {
            regex: "^\\./(?!(components|config)$)",
            message: "index.ts imports only ./config and ./components, the public surface.",
          },
        ],
      },
    ],
  },
};

// Last of the component rules: a later block replaces an earlier rule of the same name.
const policiesArePlainData = {
  files: ["components/policies/*.ts"],
  rules: {
    "no-restricted-syntax": [
      "error",
      { selector: "NewExpression", message: "Policies are plain data: no new objects." },
      {
        selector: "CallExpression[callee.property.name='apply']",
        message: "Policies are plain data: no apply.",
      },
    ],
  },
};

const policyPackImports = {
  files: ["policy/**/*.ts"],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        paths: [
          {
            name: "@pulumi/aws",
            message: "Policy rules check plain data, of any version of the AWS provider.",
          },
        ],
        patterns: [
          {
            group: ["**/components/**", "**/local/**", "**/config"],
            message: "The policy pack checks any stack: it must not import this program.",
          },
        ],
      },
    ],
  },
};

/** Files that must not import these folders. */
function importsNone(files, folders, message) {
  const regex = `^(\\.\\./)+(${folders.join("|")})(/|$)`;
  return {
    files,
    rules: { "no-restricted-imports": ["error", { patterns: [{ regex, message }] }] },
  };
}

const project = ["components", "scripts", "bootstrap", "examples", "config", "index"];

/** Folders of the local cloud, from the lowest layer: each imports itself and those before it. */
const layers = ["toolchain", "cloud", "iam", "services", "report", "scenarios"];
const localLayers = layers
  .slice(0, -1)
  .map((layer, place) =>
    importsNone(
      [`local/${layer}/**/*.ts`],
      [...project, "policy/rules", "cli", "bench", ...layers.slice(place + 1)],
      "The local cloud runs any Pulumi program: a layer imports itself, lib and the layers below.",
    ),
  );
const sharedImports = [
  importsNone(
    ["bootstrap/**/*.ts", "scripts/**/*.ts"],
    ["local"],
    "Scripts and bootstrap talk to AWS without the local cloud: share code in lib/.",
  ),
  importsNone(
    ["local/scenarios/**/*.ts"],
    ["components", "scripts", "config", "cli", "bench"],
    "Scenarios run scripts as commands (npmScript), and import only the layers below.",
  ),
  importsNone(
    ["local/cli/**/*.ts"],
    ["components", "scripts", "config"],
    "The local cloud runs scripts as commands (npmScript), and imports nothing of theirs.",
  ),
  importsNone(
    ["lib/**/*.ts"],
    [...project, "local", "policy"],
    "lib/ imports nothing of its users.",
  ),
];

// They import the component package by name; in this repository only the `paths` of
// tsconfig.examples.json resolve it.
const separateProjects = {
  files: ["examples/consumer/**/*.ts", "template/**/*.ts"],
  languageOptions: {
    parserOptions: { projectService: false, project: "tsconfig.examples.json" },
  },
};

const allFiles = {
  rules: {
    "@typescript-eslint/no-require-imports": ["error", { allowAsImport: true }],
    // Tests omit a property with `const { policy: _, ...rest }`.
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
  separateProjects,
  allFiles,
  componentImports,
  partImports,
  seedingImports,
  indexImports,
  policiesArePlainData,
  policyPackImports,
  localLayers,
  sharedImports,
);
