package scan

// Code is a stable word for what is wrong with a file.
type Code string

// The codes.
const (
	Empty        Code = "empty"
	Unsupported  Code = "unsupported"
	Damaged      Code = "damaged"
	Encrypted    Code = "encrypted"
	TooManyPages Code = "too-many-pages"
	PageTooLarge Code = "page-too-large"
)

// Error is what is wrong with a file, for a person, and what to do about it. It
// holds nothing that was read from the file.
type Error struct {
	Code            Code
	Message, Remedy string
}

// Error implements error.
func (e *Error) Error() string { return e.Message + ". " + e.Remedy }

// Final reports that another try with the same file would end the same.
func (e *Error) Final() bool { return true }

var (
	empty       = &Error{Empty, "The file is empty", "Scan or send it again."}
	unsupported = &Error{Unsupported, "The file is not a PDF, TIFF, PNG or JPEG", "Convert it to PDF, or take a scan or photo of it."}
	damaged     = &Error{Damaged, "The file is damaged or was cut off", "Scan or send it again."}
	encrypted   = &Error{Encrypted, "The PDF is protected by a password", "Save it without the password and send it again."}
	tooLarge    = &Error{PageTooLarge, "A page is larger than any paper", "Scan it again at 300 dpi."}
)
