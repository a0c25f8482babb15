/** What a sealed contact belongs to: moved to another row, it does not open. */
export const contactSeal = (county: string, incidentId: string): string => `reporter_contact/${county}/${incidentId}`;
