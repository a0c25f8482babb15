/** A place that was reviewed: its name sounds like something forbidden, and what it holds is not. */
export interface AllowedPlace {
  readonly place: string;
  readonly reason: string;
}

const each = (reason: string, ...places: readonly string[]): AllowedPlace[] =>
  places.map((place) => ({ place, reason }));

/** Reviewed places. Adding one is a review: the reason says what the place holds, and who reads it. */
export const ALLOWED_PLACES: readonly AllowedPlace[] = [
  ...each(
    "work phone of duty staff, for those who work with them (resource staff_contact); no private numbers",
    "table duty_staff_contact",
    "column duty_staff_contact.work_phone",
    "field Staff.workPhone",
  ),
  ...each(
    "duty line of an office, not of a person (resource unit_contact)",
    "column organisation.duty_phone",
    "field Organisation.dutyPhone",
    "import organisations.phone",
    "column station.duty_phone",
    "import stations.phone",
  ),
  ...each(
    "columns of a file of duty staff: the work name, role and work phone of those on duty, as in the table they go to",
    "import staff.name",
    "import staff.kind",
    "import staff.phone",
  ),
  ...each(
    "number of households of a place; a column that says 人口 or population is read as a count, never as persons",
    "import areas.households",
    "import grids.households",
    "import compounds.households",
    "import buildings.households",
  ),
  ...each(
    "a reporter's optional contact, given by the reporter, sealed, read by the current handler only, deleted 30 days after closing",
    "table reporter_contact",
    "table contact_key",
    "column reporter_contact.contact",
    "field Query.reporterContact",
    "argument Mutation.correctMyReport.contact",
    "input ReportInput.contact",
    "field MyReport.hasContact",
    "field MyReport.contact",
    "field MyReport.contactDeletedOn",
  ),
  ...each(
    "picture of a matter, taken by whoever reports it, without metadata, faces and plates covered by the sender; of a sensitive case for its handler alone",
    "table incident_photo",
    "field Incident.photos",
    "type IncidentPhoto",
  ),
  ...each(
    "how to reach a reporter, who may leave it out: sealed apart, for the handler only, deleted 30 days after closing",
    "form seats/desk/intake/intake.tsx intake.contact",
  ),
  ...each(
    "says what must not be written into the duty log; the text is screened for it",
    "form seats/desk/shift/entry-form.tsx shift.textHint",
  ),
  ...each(
    "address of the county's own tile service, given by its administrator for the base map; without login and password",
    "column base_map.url",
  ),
  ...each(
    "address of the PostgreSQL server that an administrator moves the data to; read by administrators only, its password never shown",
    "argument Mutation.checkMove.url",
    "argument Mutation.startMove.url",
    "form seats/admin/move/move-tab.tsx admin.move.url",
  ),
  ...each("path of a picture on this server, under the viewer's permission", "field IncidentPhoto.url"),
  ...each(
    "inventory code of a camera (GB/T 28181, 20 digits): which post it is, no way to reach it and no one's device",
    "column camera.device_code",
    "field Camera.deviceCode",
  ),
  ...each(
    "kind of a camera's mount (GB/T 28181), no control of it",
    "column camera.ptz_type",
    "field Camera.ptzType",
    "import cameras.ptz",
  ),
  ...each(
    "inventory of a camera, by the words that ledgers and catalogues name its columns with (设备…); nothing leads to it",
    "import cameras.code",
    "import cameras.name",
    "import cameras.status",
    "import cameras.manufacturer",
    "import cameras.model",
  ),
  ...each("project that a camera was built in (视频网络), one of four words", "import cameras.network"),
  ...each("days that recordings are kept elsewhere (Order 799, article 17), a number", "import cameras.retention"),
  ...each("version of the data that a page has read (the feed's RESET), not a picture", "field Change.snapshotVersion"),
  ...each("how a case came in: somebody saw it on a screen; no picture is kept", "value IncidentSource.VIDEO"),
  ...each(
    "login name and password of an account of this system, for sign-in; the password is stored as argon2id only",
    "table account_login",
    "column account.login",
    "column account_login.login",
    "column account.must_change_password",
    "column account.password_hash",
    "field Me.login",
    "field Me.mustChangePassword",
    "field Account.login",
    "field Account.mustChangePassword",
    "field NewAccount.firstPassword",
    "argument Mutation.createAccount.login",
    "field Mutation.resetPassword",
    "form seats/account/password-form.tsx username",
    "form seats/account/password-form.tsx password.next",
    "form seats/account/password-form.tsx password.repeat",
    "form seats/admin/users-tab.tsx admin.users.find",
    "form seats/admin/users-tab.tsx login",
    "form seats/admin/users-tab.tsx admin.users.name",
    "form seats/admin/users-tab.tsx admin.users.login",
    "form seats/sign-in/sign-in.tsx username",
    "form seats/sign-in/sign-in.tsx signIn.login",
    "form seats/sign-in/sign-in.tsx password",
    "form seats/sign-in/sign-in.tsx password.label",
    "form ui/visitor-mode.tsx password.label",
  ),
  ...each(
    "hash of a secret that this server made (token, link, cookie of a wall); shown once, never stored in the clear",
    "column api_token.secret_hash",
    "column one_time_link.secret_hash",
    "column session.secret_hash",
    "column kiosk_link.device_hash",
    "field NewApiToken.secret",
  ),
  ...each(
    "address that an account of this system signed in or acted from: the audit's from where, and one's own sessions",
    "column session.address",
    "column audit_log.address",
    "field AuditRow.address",
    "field Session.address",
  ),
  ...each("message authentication code of an audit row, no network card", "column audit_log.mac"),
];
