package extract

// concept names what a label stands for. Most are the names of the default
// blueprint's fields; those that begin with "~" are read for what they mean
// beside a person (whose phone?) or split into several fields, and "" is a
// label that is known and not read: it ends the value before it.
type concept string

const (
	cPatientName concept = "~patient_name"
	cName        concept = "~name"
	cPhone       concept = "~phone"
	cAddress     concept = "~address"
	cCity        concept = "~city"
	cState       concept = "~state"
	cZip         concept = "~zip"
	cCityState   concept = "~city_state_zip"
	cDOB         concept = "date_of_birth"
	cMRN         concept = "patient_mrn"
	cAgeSex      concept = "~age_sex"
	cDOBSex      concept = "~dob_sex"
	cBP          concept = "~blood_pressure"
	cVitals      concept = "~vitals"
	cNone        concept = ""
)

// party is whom a block of details is about.
type party uint8

const (
	anyone party = iota
	patient
	provider
	facility
	insurer
	contact
	third // guarantor, pharmacy, subscriber, another clinician: not read
)

// labelRow gives the labels of a concept.
type labelRow struct {
	concept concept
	// weight says how surely the label means the concept, 0..1: an "ordering
	// physician" is the provider, a "PCP" may be.
	weight float64
	// bare labels are read without a colon as well.
	bare bool
	// opens is the party that the label opens: what follows, until the next
	// such label or a gap, belongs to it.
	opens  party
	labels string
}

// labelTable is the general knowledge of clinical labels. A user's blueprint
// adds its own fields to it.
var labelTable = []labelRow{
	{cPatientName, 1, false, patient, "patient name, name of patient, patient, pt name, patient's name, patient full name, full name, client name, member name, resident name, resident, patient legal name, legal name, patient name (last first), patient last first mi, name (last first middle), last name first name, patient name last first, patient/client name, subject name, your name, re, regarding, client, name of client, patient name last first middle, re patient, beneficiary name, beneficiary, enrollee, participant name, customer, customer name, guest name, recipient, recipient name"},
	{cName, 1, false, anyone, "name, name (last first mi), name last first mi"},
	{"patient_last_name", 1, false, patient, "last name, surname, family name, patient last name, lastname, last, patient surname, name last"},
	{"patient_first_name", 1, false, patient, "first name, given name, patient first name, firstname, first, forename, given names, patient given name, name first"},
	{"patient_middle_name", 1, false, patient, "middle name, middle initial, mi, m.i., ml, m.l., patient middle name, middle"},
	{"patient_name_suffix", 1, false, anyone, "suffix, name suffix"},
	{"", 1, false, anyone, "accepting md, accepting physician, accepting, anesthesiologist, assistant, first assistant, scribe"},
	{"", 1, false, anyone, "prefix, maiden name, previous name, preferred name, nickname, alias, aka, other names, also known as, former name, previous last name, goes by"},
	{cMRN, 1, true, anyone, "mrn, medical record number, medical record no, med rec #, med rec no, medical record #, mr#, mr no, mr number, chart #, chart no, chart number, patient mrn, unit number, unit no, hospital number, hospital no, record no, record number, record #, patient record number, patient chart number, mrn #, mrn no, chart, mr, nhs no, nhs number, nhs no., hosp no, hosp number, our hospital no, med. rec. no, mr #, medical rec no, m.r. number, m.r.n., chart id, umrn, emrn, hospital #, patient medical record number"},
	{cMRN, 0.85, true, anyone, "pt #, pt no, pt number, student id, file no, file number, our ref, our reference, our file, our file no, patient ref, patient id, patient number, patient no, patient #, pt id, patient identifier, client id, patient id number, pat id, pid, resident id, patient identification number, person id, emr id, id number patient, patient code, client number, enterprise id, mpi, empi, lab patient id"},
	{cMRN, 0.5, false, anyone, "id, id no, id number, identifier"},
	{"~dob", 1, true, anyone, "dob, date of birth, birth date, birthdate, d.o.b., born, born on, birth dt, dt of birth, patient dob, birthday, bdate, patient date of birth, d of b, date birth, patient birth date, dob (mm/dd/yyyy), date of birth mm/dd/yyyy"},
	{"~sex", 1, false, anyone, "sex, gender, legal sex, sex at birth, birth sex, administrative sex, patient sex, patient gender, m/f, assigned sex at birth, sex assigned at birth, gender identity"},
	{cAgeSex, 1, false, anyone, "age/sex, age / gender, sex/age, age sex, gender/age, age/gender, age & sex, sex / age"},
	{cDOBSex, 1, false, anyone, "dob/sex, dob/age, dob/age/sex, dob / sex, date of birth/sex, sex/dob, birth date/sex, dob / age, dob (age), dob / gender, age/dob, dob/gender, date of birth / age, date of birth/age, birthdate/age, date of birth/age/sex, date of birth / sex, sex / dob, birthdate / sex, age/sex/dob, gender/dob"},
	{"", 1, false, anyone, "age, patient age, age at visit, ssn, social security number, social security no, ss#, social security #, soc sec no"},
	{cAddress, 1, false, anyone, "address, street, home address, street address, mailing address, residence, address line 1, patient address, address 1, permanent address, current address, residential address, postal address, addr, billing address, legal address"},
	{"~address2", 1, false, anyone, "address line 2, address 2, apt, apartment, unit, suite, apt #, apt/suite"},
	{cCity, 1, false, anyone, "city, town, city/town"},
	{cState, 1, false, anyone, "state, st, state/province, province"},
	{cZip, 1, false, anyone, "zip, zip code, postal code, zipcode, zip/postal code, postcode"},
	{cCityState, 1, false, anyone, "city/state/zip, city/st, city & state, city state zip, city/st/zip, city/state, csz, city, state zip, city, state, zip code, city/state/zip code, city st zip"},
	{"", 1, false, anyone, "county, country"},
	{cPhone, 1, false, anyone, "phone, tel, telephone, phone number, phone no, telephone number, phone #, contact number, tel no, contact no, daytime phone, day phone, primary phone, main phone, telephone no, phone(s), contact phone number, phone/fax, evening phone, tel/fax, ph"},
	{"phone", 1, false, anyone, "home phone, cell, mobile, cell phone, mobile phone, patient phone, home telephone, phone (home), phone (mobile), phone (cell), home phone number, cell phone number, home phone #, home tel, mobile number, phone home, phone mobile, phone cell, preferred phone, home ph, patient telephone, cell #, cellular, h phone, phone h, home #, home"},
	{"", 1, false, anyone, "work phone, business phone, phone (work), fax, fax number, fax no, fax #, facsimile, work, work telephone, pager, employer, occupation, employer name, religion, interpreter needed, interpreter, veteran status, advance directive, code status, living will, preferred contact method, website, student status, employment status, height percentile"},
	{"email", 1, false, anyone, "email, e-mail, email address, e-mail address, patient email"},
	{"marital_status", 1, false, anyone, "marital status, marital, civil status, marital st, relationship status"},
	{"language", 1, false, anyone, "language, preferred language, primary language, lang, spoken language, language spoken, language preference, pref language, pref. language, languages"},
	{"race", 1, false, anyone, "race, patient race"},
	{"ethnicity", 1, false, anyone, "ethnicity, ethnic group, ethnic, ethnic origin"},
	{"~race_ethnicity", 1, false, anyone, "race/ethnicity, ethnicity/race, race / ethnicity, race and ethnicity"},
	{"emergency_contact_name", 1, false, contact, "emergency contact, contact person, contact person / next of kin, next of kin / contact person, contact person/next of kin, in an emergency notify, in an emergency contact, in case of emergency contact, in case of emergency notify, in case of emergency please contact, emergency contact/relationship, whom to notify, person to contact, emergency contact name, next of kin, nok, in case of emergency, emergency contact person, notify in emergency, person to notify, emer contact, emergency notify, contact in emergency, contact name, ice contact, emerg contact, contact person, ec name, next of kin name"},
	{"emergency_contact_phone", 1, false, anyone, "emergency phone, emergency contact phone, contact phone, emergency contact number, emergency contact telephone, emergency telephone, emergency number, emergency contact phone number, emer phone, nok phone, next of kin phone, emerg phone, emergency tel, emergency contact tel"},
	{"", 1, false, anyone, "relationship, relation, relationship to patient, relation to patient, rel, pt relationship, relationship to insured, relationship to subscriber, patient relationship to insured"},
	{"insurance_payer_name", 1, false, insurer, "insurance, payer, primary insurance, carrier, health plan, coverage, insurance company, insurance carrier, insurance name, payor, insurer, primary payer, plan name, insurance provider, primary payor, insurance plan, company name, ins company, ins co, payer name, plan, insurance plan name, primary coverage, primary carrier, insured by, primary insurance company, primary ins, medical insurance, health insurance"},
	{"insurance_member_id", 1, false, anyone, "member id, subscriber id, policy #, policy no, policy number, insurance id, member number, member no, member #, id #, subscriber number, subscriber no, subscriber #, cert no, certificate number, insured id, insured's id number, insured id number, medicare no, medicare number, medicare id, medicaid id, medicaid no, policy id, identification number, identification no, insurance id #, insurance number, insurance policy #, ins id, insurance policy number, ins id #, policy, beneficiary id, mbi, medicare beneficiary identifier, health insurance number, primary id, policy/id #, id card number, enrollee id, contract number, contract no, insurance member id, member id no, subscriber/member id, policy/member id, member/subscriber id, member id #, plan id"},
	{"insurance_group_number", 1, false, anyone, "group, group #, group no, group number, grp, grp #, grp no, group id, policy group, plan group, group/plan no, insurance group, insurance group number, group policy number, group name/number, employer group, group num, rxgrp group, policy group number"},
	{"", 1, false, third, "subscriber, subscriber name, policy holder, policyholder, insured, insured name, insured's name, secondary insurance, guarantor, guarantor name, responsible party, pharmacy, preferred pharmacy, pharmacy name, mother's name, father's name, mother's maiden name, parent, parent/guardian, guardian, guardian name, spouse, spouse name, referring to, referred to, refer to, copy to, cc to, copies to, witness, interpreter name, transcribed by, transcriptionist, dictated by, typed by, entered by, recorded by, printed by, verified by, collected by, received by, performed by, administered by, given by, nurse, medical assistant, technologist, tech, scribe, pathologist, lab director, laboratory director, medical director, director, to, attention, attn, authorized by, informant, accompanied by, historian, source, caregiver, consulting provider, consulting physician, consultant, specialist, case manager, social worker, therapist, referred to provider, anesthesiologist, assistant, first assistant, co-signed by, pharmacist, dispensed by, filled by, power of attorney, healthcare proxy, health care proxy, mother, father"},
	{"", 1, false, anyone, "effective date, copay, co-pay, plan type, deductible, rxbin, rx bin, rxpcn, rx pcn, rxgrp, rx grp, bin, pcn, payer id, expiration date, termination date, exp date, authorization #, authorization number, auth #, prior authorization, coverage type, rank, policy type, issuer"},
	{"facility_name", 1, false, facility, "facility, sent from, transferred from, sending facility, transferring facility, document maintained by, custodian, hospital, clinic, practice, facility name, clinic name, hospital name, practice name, institution, organization, laboratory name, performing lab, performing laboratory, treatment facility, issuing facility, health center, medical center, office, organisation, healthcare facility, admitting facility, sending facility, lab name"},
	{"facility_name", 0.8, false, facility, "location, service location, visit location, encounter location, site, place of service, performing organization, performed at, lab, laboratory, performing site, account name, client, client name/address, unit/location, loc, testing performed at, ordering facility"},
	{"facility_address", 1, false, anyone, "facility address, clinic address, office address, practice address, hospital address, location address, laboratory address, lab address"},
	{"facility_phone", 1, false, anyone, "facility phone, tel of sending facility, telephone of sending facility, phone of sending facility, clinic phone, office phone, practice phone, hospital phone, lab phone, office number, office tel, clinic telephone, main number, appointments, facility telephone, clinic tel, office telephone, laboratory phone"},
	{"provider_name", 1, false, provider, "endoscopist, operator, proceduralist, performing physician, sending md, sending physician, transferring physician, dictating physician, provider, physician, att dr, att phys, attending phys, ord dr, ord phys, care team, attending, attending physician, attending provider, ordering provider, ordering physician, clinician, seen by, ordering, treating provider, treating physician, provider name, physician name, rendering provider, doctor, attending md, ordering md, responsible provider, visit provider, encounter provider, prescriber, prescribing provider, examining physician, surgeon, discharging physician, discharging provider, ordered by, care provider, author, attending doctor, ordering clinician, primary provider, provider seen, doctor's name, physician/provider, dr, ordering doctor, prescribed by, prescriber name, attending dr, admitting/attending, treating clinician, service provider, discharge physician, discharge provider, your provider, your doctor, requested by, appointment with, primary surgeon, md, practitioner, examiner, attending name, ordering provider name, rendering physician, attending surgeon"},
	{"provider_name", 0.8, false, provider, "electronically signed by, signed by, e-signed by, signature, signed, provider signature, physician signature, electronically authenticated by, authenticated by, admitting physician, admitting provider, reviewed by, approved by, digitally signed by, electronically signed, attested by, finalized by, authored by, completed by, interpreted by, read by, report author, signed electronically by"},
	{"provider_name", 0.45, false, provider, "pcp, primary care provider, primary care physician, pcp name, primary physician, family physician, primary care, family doctor, primary care doctor, primary md, primary care clinician"},
	{"provider_name", 0.35, false, provider, "requesting, requesting surgeon, referring surgeon, requesting physician, requesting provider, consulting for, copy to, cc, referring provider, referring physician, referred by, referring, referring doctor, referring md, from, referral from, referring clinician, referring provider name"},
	{"~npi", 1, true, anyone, "npi, npi #, provider npi, npi number, npi no, physician npi, prescriber npi, ordering npi, attending npi, national provider identifier, individual npi"},
	{"", 1, false, anyone, "dea, dea #, dea no, license, license #, license no, lic #, lic no, clia, clia #, clia id, clia no, tax id, ein, tin, upin, state license, facility npi, group npi, organization npi, billing npi"},
	{"provider_specialty", 1, false, anyone, "specialty, provider specialty, speciality, medical specialty, physician specialty, clinical specialty"},
	{"provider_specialty", 0.6, false, anyone, "department, service, dept, clinical service, medical service, hospital service, division"},
	{"document_type", 1, false, anyone, "document type, report type, note type, type of report, record type, doc type, type of note, document title"},
	{"document_date", 1, false, anyone, "date typed, typed, date dictated and typed, date of letter, report date, date of report, date reported, document date, date of document, note date, date of note, reported, reported on, report date/time, date/time reported, final report date, issued, issue date, date issued, report issued, letter date, result date, results date, report printed, date/time of report, date of letter, referral date, date of referral, date written, written on, final report, reported date, date/time report, date signed, order printed, date of this report, record date, summary date, rx date"},
	{"document_date", 0.7, false, anyone, "document created, printed, date printed, print date, printed on, generated, generated on, created, created on, dictated, date dictated, transcribed, signed on, date prepared, prepared, prepared on, as of, last updated, updated, effective, date generated, print date/time, printed date, date created, creation date, list updated, reviewed on, date reviewed, list date, updated on"},
	{"~date", 1, false, anyone, "date, date/time, today's date, date and time, dated"},
	{"", 1, false, anyone, "page, page no, pg, time, status, report status, order status, priority, stat, fasting, fasting status, source of specimen, specimen source, specimen type, specimen id, specimen no, accession, accession #, accession no, accession number, lab no, lab #, lab id, requisition, requisition #, req #, requisition no, control no, specimen, specimen #, order #, order no, order number, order id, room, bed, room/bed, room no, unit/bed, ward, nursing unit, pages, subject, length of stay, los, duration, next appointment, version, document id, form no, form, rev, comments, comment, note, notes, lab accession, sample id, collected at, account type, financial class, date received, received, received date, received on, date/time received, date entered, date ordered, order date, ordered, ordered on, received date/time, time collected, collection time, time received, date rec'd, login date"},
	{"~collected", 1, false, anyone, "collected, collection date, date collected, collected on, date/time collected, collection date/time, specimen collected, collected date, date of collection, drawn, date drawn, draw date, collect date, specimen date, collection, collected date/time, sample date, specimen collection date, coll date, date of specimen, date/time of collection, sample collected, specimen collected on, specimen drawn, date specimen collected, collect dt, coll. date, collection dt, collected date and time, blood drawn"},
	{"encounter_id", 1, false, anyone, "visit #, encounter #, account #, acct no, csn, fin, visit number, visit no, visit id, encounter id, encounter number, encounter no, account number, account no, acct #, acct, acct number, account, fin #, fin number, har, case #, case number, case no, contact serial number, financial number, hospital account, hospital account no, patient account no, patient account number, patient acct, pt acct no, admission number, admission no, admission #, adm no, visit id no, enc #, enc id, episode number, episode no, stay id, patient account #, csn #, encounter no."},
	{"encounter_type", 1, false, anyone, "visit type, encounter type, patient class, type of visit, type of encounter, patient type, class, appointment type, admission type, admit type, type of admission, type of service, encounter class, visit class, pt class, care setting, setting"},
	{"encounter_date", 1, true, anyone, "seen, seen on, dos, clinic date, visit date, date of service, date of visit"},
	{"encounter_date", 1, false, anyone, "eval date, date of consult, consult date, date of clinic, clinic attendance, date of attendance, attendance date, arrival, date seen in clinic, visit date, date of service, dos, encounter date, date of visit, seen on, service date, date seen, appointment date, exam date, date of exam, date of encounter, visit date/time, encounter date/time, visit, date of examination, date of consultation, consultation date, consult date, service date/time, dt of service, date of appointment, appt date, visited on, procedure date/time, date of evaluation, your visit on, visit on, seen, evaluation date, clinic date, date of procedure, procedure date, surgery date, date of surgery, date of operation, operation date, svc date, date of svc"},
	{"admission_date", 1, true, anyone, "admission date, admit date, admitted, date of admission, admission, date admitted, admitted on, admit date/time, admission date/time, admit, adm date, admit dt, hospital admission, adm dt, adm, doa, arrival date, arrived, date/time admitted, admission dt, day of admission"},
	{"discharge_date", 1, true, anyone, "discharge date, discharged, date of discharge, d/c date, discharged on, discharge date/time, disch date, date discharged, dc date, discharge dt, disch dt, dod, disch, discharge, discharge day, departure date, date/time discharged, day of discharge, dis date"},
	{"~admit_discharge", 1, false, anyone, "admit/discharge, admission/discharge, dates of service, dates of stay, admitted/discharged, admission - discharge, adm/disch, admit - discharge, dates of hospitalization, hospital stay, inpatient dates, hospitalization dates, stay dates, in hospital"},
	{"discharge_disposition", 1, false, anyone, "disposition, discharge disposition, discharged to, discharge to, discharge status, patient disposition, dispo, discharge location, disposition at discharge, final disposition, disposition of case, discharge destination, you are going to, going to"},
	{"", 1, false, anyone, "condition at discharge, discharge condition, condition, prognosis, diet, activity, discharge diet, condition on discharge, mode of arrival, triage level, acuity"},
	{"chief_complaint", 1, false, anyone, "chief complaint, cc, reason for visit, presenting complaint, reason for referral, presenting problem, reason for encounter, reason for admission, complaint, c/c, chief complaint(s), reason for consultation, visit reason, cc/reason for visit, reason for appointment, reason for transfer, primary complaint, chief concern, reason seen, reason for consult, concern, patient concerns, presenting concern, presenting symptoms, main complaint, chief complaint / reason for visit, reason for visit / chief complaint"},
	{"smoking_status", 1, false, anyone, "smoking, smoking status, tobacco, tobacco use, smoker, cigarettes, tobacco status, smoking history, smokes, tobacco history, smoking hx, tobacco hx, nicotine, tobacco/smoking, nicotine use, cigarette use, tob, smoking/tobacco, tobacco smoking status, tobacco consumption, do you smoke, use of tobacco, smoking tobacco use, smoking tobacco"},
	{"alcohol_use", 1, false, anyone, "alcohol, alcohol use, etoh, etoh use, drinks, alcohol intake, alcohol consumption, drinking, alcohol history, alcohol hx, alcoholic beverages, alcohol status, use of alcohol"},
	{"drug_use", 1, false, anyone, "drugs, drug use, illicit drugs, recreational drugs, substance use, illicit drug use, recreational drug use, street drugs, illicits, substances, drug history, illicit substances, drug/substance use, substance abuse, ivdu, iv drug use, recreational drug, drug abuse, illegal drugs, other substances, drugs of abuse, illicit substance use, recreational substances"},
	{"", 1, false, anyone, "exercise, caffeine, sexual activity, living situation, lives with, education, diet history, seat belt, marijuana use, housing, caffeine use, exercise habits, occupation/employer, firearms, sleep, children, smokeless tobacco, vaping, smokeless, e-cigarettes, packs per day, years smoked, pack years, quit date, started, vaping use, smokeless tobacco use, stress, travel, pets, hobbies"},
	{"vitals_date", 1, false, anyone, "vitals date, vital signs taken, vitals taken, vital signs date, date of vitals, vitals recorded, vitals recorded on, vitals taken on, date taken, date/time taken, vitals date/time, recorded, measured on, vitals as of, vital signs recorded, time taken, taken, measured"},
	{cBP, 1, true, anyone, "bp, b/p, blood pressure, blood press, bp (mmhg), blood pressure (mmhg), sitting bp, bp sitting, bp (sitting), bp systolic/diastolic, systolic/diastolic, sys/dia, blood pressure sys/dia, bp mmhg, arterial pressure, nibp, cuff bp, bld pressure, blood pr"},
	{"blood_pressure_systolic", 1, false, anyone, "systolic, systolic bp, sbp, bp systolic, systolic blood pressure, sys, blood pressure systolic, systolic (mmhg), bp sys"},
	{"blood_pressure_diastolic", 1, false, anyone, "diastolic, diastolic bp, dbp, bp diastolic, diastolic blood pressure, dia, blood pressure diastolic, diastolic (mmhg), bp dia"},
	{"heart_rate", 1, true, anyone, "hr, pulse, heart rate, pulse rate, pulse (bpm), hr (bpm), heart rate (bpm), pr, p, puls, heart rate/pulse, pulse/heart rate, beats/min, apical pulse, pulse/min, radial pulse, heart rate bpm, pulse bpm, pulse / min, hrt rate"},
	{"respiratory_rate", 1, true, anyone, "rr, resp, respirations, respiratory rate, respiration, resp rate, r, resp (/min), respiratory rate (/min), breathing rate, respiration rate, resps, rr (/min), respiratory rate (breaths/min), breaths/min, resp/min, resp. rate, respir"},
	{"~temperature", 1, true, anyone, "temp, t, temperature, body temperature, temp (f), temp (c), temperature (f), temperature (c), oral temp, temp oral, temperature oral, temp f, temp c, tmax, body temp, temp (°f), temp (°c), temperature (°f), temperature (°c), temp °f, tympanic temp, temporal temp"},
	{"oxygen_saturation", 1, true, anyone, "spo2, o2 sat, sat, oxygen saturation, pulse ox, sao2, o2 saturation, o2sat, pulse oximetry, sats, oxygen, oxygen level, blood oxygen, o2 level, o2, o2 sats, spo2 (%), oxygen sat, spo2%, o2 sat %, spo2 %, pulse oximetry (%), sp02, oximetry, sat %, o2 saturation (%), o2 (%), oxygen saturation (%), sat on room air, spo2 on room air, spo2 (room air), o2 sat ra, oxygen saturation (room air), spo2 ra, pox, o2 sat (ra), spo2 on ra"},
	{"~height", 1, true, anyone, "height, ht, height (in), height (cm), stature, ht (in), ht (cm), length, height in, height cm, height/length, height (inches), body height, ht in, ht cm, hgt"},
	{"~weight", 1, true, anyone, "weight, wt, weight (lb), weight (lbs), weight (kg), wt (lb), wt (kg), body weight, weight lbs, weight kg, wt kg, wt lbs, weight (pounds), current weight, discharge weight, admission weight, weight lb, wgt, dry weight, wt (lbs)"},
	{"bmi", 1, true, anyone, "bmi, body mass index, bmi (kg/m2), body mass index (bmi), body mass index (kg/m2), b.m.i., bmi kg/m2, bmi (calculated)"},
	{"pain_score", 1, false, anyone, "pain, pain score, pain level, pain scale, pain rating, pain (0-10), pain intensity, pain scale (0-10), pain score (0-10), pain 0-10, pain assessment, current pain, pain level (0-10), pain /10"},
	{cVitals, 1, false, anyone, "vs, vitals, vital signs, height/weight, ht/wt, wt/ht, weight/height, pulse/resp, hr/rr, bp/pulse, ht / wt, p/r, vitals on arrival"},
	{"", 1, false, anyone, "head circumference, hc, o2 delivery, oxygen delivery, o2 device, fio2, lmp, last menstrual period, waist, waist circumference, position, cuff size, bsa, body surface area, glucose poc, peak flow, map, mean arterial pressure, ideal body weight, ibw, growth percentile, on, oxygen flow rate"},
}
