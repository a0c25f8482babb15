/** Those who answer now first, then everybody else whose post serves the place; each post once. */
export function linkedStaff<Duty extends { readonly post: { readonly id: string } }>(incident: {
  readonly dutyNow: readonly Duty[];
  readonly area: { readonly staffLinks: readonly Duty[] | null } | null;
}): Duty[] {
  const byPost = new Map<string, Duty>();
  for (const duty of [...incident.dutyNow, ...(incident.area?.staffLinks ?? [])])
    if (!byPost.has(duty.post.id)) byPost.set(duty.post.id, duty);
  return [...byPost.values()];
}
