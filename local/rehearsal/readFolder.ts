import { starterFiles } from "../../components/seeding/starter";
import type { Files } from "./delivery/sourceFiles";

/** Every file of somebody's repository by path, less what its `.gitignore` and tools' habits leave out. */
export function readFolder(folder: string): Files {
  const files = starterFiles({ folder, packed: "" });
  return Object.fromEntries(files.map(({ content, path }) => [path, content]));
}
