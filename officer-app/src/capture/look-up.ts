/** A crime that a look-up found, or that somebody or something is in. */
export interface LookUpCrime {
  id: string;
  number: string;
  offence: string;
  place: string;
  role: string;
}

/** What a look-up found, as the server answers it. */
export interface LookUpResult {
  people: {
    id: string;
    name: string;
    born_on: string | null;
    place: string;
    phone: string;
    warnings: string[];
    crimes: LookUpCrime[];
  }[];
  people_total: number;
  things: {
    id: string;
    name: string;
    description: string;
    warnings: string[];
    crimes: LookUpCrime[];
  }[];
  crimes: LookUpCrime[];
  crimes_total: number;
}
