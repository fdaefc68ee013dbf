package grammar

// The closed word lists of names. Lower case unless said otherwise.

var namePrefix = map[string]string{
	"dr": "Dr", "doctor": "Dr", "mr": "Mr", "mrs": "Mrs", "ms": "Ms", "miss": "Miss", "mx": "Mx", "prof": "Prof",
	"professor": "Prof", "rev": "Rev", "fr": "Fr", "sr": "Sr", "hon": "Hon", "sgt": "Sgt", "capt": "Capt", "lt": "Lt", "col": "Col", "maj": "Maj",
}

var nameSuffix = map[string]string{
	"jr": "Jr", "junior": "Jr", "sr": "Sr", "senior": "Sr", "ii": "II", "iii": "III", "iv": "IV", "2nd": "II", "3rd": "III", "esq": "Esq",
}

// credentials by their letters without points, in capitals.
var credentials = map[string]string{
	"MD": "MD", "DO": "DO", "NP": "NP", "PA": "PA", "PA-C": "PA-C", "PAC": "PA-C", "RN": "RN", "LPN": "LPN", "LVN": "LVN", "BSN": "BSN", "MSN": "MSN",
	"FNP": "FNP", "FNP-C": "FNP-C", "FNP-BC": "FNP-BC", "ANP": "ANP", "ANP-BC": "ANP-BC", "AGNP": "AGNP", "AGNP-C": "AGNP-C", "AGACNP": "AGACNP", "ACNP": "ACNP", "ACNP-BC": "ACNP-BC", "PNP": "PNP", "CPNP": "CPNP", "PMHNP": "PMHNP", "PMHNP-BC": "PMHNP-BC", "WHNP": "WHNP", "CNP": "CNP", "CRNP": "CRNP", "ARNP": "ARNP", "APRN": "APRN", "APN": "APN", "DNP": "DNP", "CNM": "CNM", "CNS": "CNS", "CRNA": "CRNA",
	"PHD": "PhD", "PSYD": "PsyD", "PHARMD": "PharmD", "RPH": "RPh", "DPM": "DPM", "DDS": "DDS", "DMD": "DMD", "OD": "OD", "DC": "DC", "DPT": "DPT", "PT": "PT", "OT": "OT", "OTR": "OTR", "OTR/L": "OTR/L", "SLP": "SLP", "CCC-SLP": "CCC-SLP", "RD": "RD", "RDN": "RDN", "LD": "LD", "AUD": "AuD", "ND": "ND",
	"LCSW": "LCSW", "LMSW": "LMSW", "MSW": "MSW", "LMFT": "LMFT", "LPC": "LPC", "LMHC": "LMHC", "MPH": "MPH", "MBA": "MBA", "MS": "MS", "MSC": "MSc", "MHA": "MHA", "BS": "BS", "MA": "MA", "CMA": "CMA", "RMA": "RMA", "CCMA": "CCMA", "EMT": "EMT", "EMT-P": "EMT-P", "RRT": "RRT", "RT": "RT", "CNA": "CNA", "MBBS": "MBBS", "MBCHB": "MBChB", "BDS": "BDS", "VMD": "VMD", "DVM": "DVM", "MT": "MT", "ASCP": "ASCP",
	"FACP": "FACP", "FACC": "FACC", "FACS": "FACS", "FAAP": "FAAP", "FAAFP": "FAAFP", "FACOG": "FACOG", "FACEP": "FACEP", "FCCP": "FCCP", "FACG": "FACG", "FAAN": "FAAN", "FACE": "FACE", "FAAD": "FAAD", "FACR": "FACR", "FASN": "FASN", "FAHA": "FAHA", "FSCAI": "FSCAI", "FHM": "FHM", "SFHM": "SFHM", "FAAOS": "FAAOS", "FACOI": "FACOI", "FCAP": "FCAP", "FIDSA": "FIDSA", "CDE": "CDE", "CDCES": "CDCES", "BCPS": "BCPS", "BC-ADM": "BC-ADM",
}

// ambiguousCredential are credentials that are also given names or surnames in
// mixed case ("Do", "Ma", "Pa").
var ambiguousCredential = set("DO MA PA NP ND OD RD LD MS PT OT RT DC BS MT FACE")

var particles = set("de la del della di da das dos do du des van von der den ter ten vander bin ibn al el abu st st. le lo los las mac san santa y e af zu zum zur op te ’t 't")

// notNames are words of labels, headings, places of care, organisations and
// sentences. One of them is enough to refuse a text.
var notNames = set(`name names patient patients date dob birth age sex gender male female phone fax tel address street avenue ave road rd blvd suite
	mrn account acct number no id ssn npi page pages of and or the a an in on at to for with from by is was were are be been has have had no not none
	doctor physician provider providers attending ordering referring clinic clinical hospital hospitals center centre medical medicine health healthcare care
	laboratory lab labs laboratories department dept office practice associates group inc llc pllc pc university college institute school pharmacy imaging radiology
	report reports record records result results test tests history physical exam examination assessment plan diagnosis diagnoses problem problems
	medication medications allergy allergies allergen immunization immunizations vaccine vaccines procedure procedures visit encounter admission admitted discharge discharged
	insurance payer member policy subscriber group plan coverage medicare medicaid aetna cigna humana
	status active inactive resolved unknown normal abnormal negative positive final preliminary pending signed electronically reviewed verified
	mg mcg ml tablet tablets capsule capsules daily twice take oral
	mother father sister sibling son daughter spouse relationship self guardian parent
	he she they his her their who which this that these those will would should can could may please see call return follow followup up
	denies reports states complains presents presented seen years year old yo month months day days week weeks today tomorrow yesterday
	pain chest fever cough hypertension diabetes mellitus type disease syndrome disorder chronic acute essential primary secondary
	yes n/a na nkda nka printed confidential summary list section continued comments comment notes note specimen collected received reported
	blood urine serum glucose sodium potassium emergency contact home work cell mobile email zip city state country county usa united states
	inpatient outpatient telehealth consultation referral summary chart form title code codes description value units range reference flag component
	family social service services specialty cardiology internal pediatrics primary secondary signature authorized smoker never former current per attn re cc subject
	monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december`)
