package scan

import (
	"bytes"
	"encoding/binary"
)

// exifOrientation is how a JPEG's camera was held (EXIF 2.3, tag 0x0112), 1 to
// 8, 1 where it does not say.
func exifOrientation(data []byte) int {
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		kind, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if kind == 0xda || size < 2 || at+2+size > len(data) {
			return 1
		}
		if body := data[at+4 : at+2+size]; kind == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return tiffOrientation(body[6:])
		}
		at += 2 + size
	}
	return 1
}

// tiffOrientation is the same tag of the first directory of a TIFF.
func tiffOrientation(data []byte) int {
	order := tiffOrder(data)
	if order == nil || len(data) < 8 {
		return 1
	}
	at := int64(order.Uint32(data[4:]))
	if at+2 > int64(len(data)) {
		return 1
	}
	n := int64(order.Uint16(data[at:]))
	for i := range n {
		begin := at + 2 + 12*i
		if begin+12 > int64(len(data)) {
			return 1
		}
		if e := data[begin : begin+12]; order.Uint16(e) == 0x0112 {
			if v := int(whole(e, order)); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}
