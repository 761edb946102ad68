/** The projects of the world: added, renamed, removed and found by id. */
import { Replica } from './replica.ts';
import type { ListOrder, Micros, Session } from './types.ts';

/** A project of the world. Removed ones stay, so that they can return as they were. */
export interface Project {
  readonly id: string;
  name: string;
  readonly organizationId: string;
  readonly isDefault: boolean;
  readonly createdAt: Micros;
  updatedAt: Micros;
  removed: boolean;
  /** Raw JSON that replaces the project on the wire. */
  wire: string | null;
  readonly replica: Replica;
  /** Every session that ever was, deleted ones included. */
  readonly sessions: Session[];
}

/** The details of a new project. */
export interface ProjectDetails {
  readonly id: string;
  readonly name: string;
  readonly organizationId: string;
  readonly isDefault: boolean;
  readonly createdAt: Micros;
}

/** The projects, oldest first. */
export class Projects {
  readonly #byId = new Map<string, Project>();

  add(details: ProjectDetails, order: ListOrder): Project {
    if (this.#byId.has(details.id)) throw new Error(`The world has a project ${details.id} already.`);
    const own = { removed: false, wire: null, replica: new Replica(order), sessions: [] };
    const project: Project = { ...details, updatedAt: details.createdAt, ...own };
    this.#byId.set(project.id, project);
    return project;
  }

  /** The project, removed or not; throws for an id the world never had. */
  known(id: string): Project {
    const project = this.#byId.get(id);
    if (project === undefined) throw new Error(`The world has no project ${id}.`);
    return project;
  }

  /** The project as readers see it: undefined once removed. */
  visible(id: string): Project | undefined {
    const project = this.#byId.get(id);
    return project?.removed === false ? project : undefined;
  }

  /** All projects, removed ones included. */
  all(): Project[] {
    return [...this.#byId.values()];
  }

  /** All projects that readers see. */
  live(): Project[] {
    return this.all().filter((project) => !project.removed);
  }
}
