//! When certificates end: the one thing that is read of them, by a walk through their DER.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

/// When the last certificate of a bundle ends (PEM in base64, as the API has it). `None` where one of them cannot be read:
/// it may last for ever.
pub(super) fn last_end(bundle: &str) -> Option<Timestamp> {
    let pem = String::from_utf8(decoded(bundle)?).ok()?;
    let bodies =
        pem.split("-----BEGIN CERTIFICATE-----").skip(1).map(|part| part.split("-----END").next().unwrap_or(""));
    let ends: Option<Vec<Timestamp>> = bodies.map(|body| end(&decoded(body)?)).collect();
    ends?.into_iter().max()
}

/// Base64, in one line or many.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let plain: String = text.split_whitespace().collect();
    STANDARD.decode(plain).ok()
}

/// When a certificate ends: <https://www.rfc-editor.org/rfc/rfc5280#section-4.1>.
fn end(der: &[u8]) -> Option<Timestamp> {
    let certificate = element(der)?.content;
    let mut rest = element(certificate)?.content;
    // The version has a tag of its own, and is left out of the oldest ones.
    if rest.first() == Some(&0xa0) {
        rest = element(rest)?.after;
    }
    // The serial number, the algorithm and the issuer.
    for _ in 0..3 {
        rest = element(rest)?.after;
    }
    let validity = element(rest)?.content;
    let not_after = element(element(validity)?.after)?;
    time(not_after.tag, std::str::from_utf8(not_after.content).ok()?)
}

/// A piece of DER: what it is, what is in it, and what comes behind it.
struct Element<'d> {
    tag: u8,
    content: &'d [u8],
    after: &'d [u8],
}

fn element(der: &[u8]) -> Option<Element<'_>> {
    let ([tag, first], rest) = der.split_first_chunk::<2>()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        // The length itself has a length.
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| (length << 8) | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some(Element { tag: *tag, content, after })
}

/// `UTCTime` has two digits for the year, `GeneralizedTime` four.
fn time(tag: u8, text: &str) -> Option<Timestamp> {
    let text = match tag {
        0x17 => format!("{}{text}", if text.get(..2)? < "50" { "20" } else { "19" }),
        0x18 => text.to_owned(),
        _ => return None,
    };
    let (date, time) = text.split_at_checked(8)?;
    format!("{date}T{time}").parse().ok()
}

/// A bundle as the API has it, of certificates in one line of base64 each.
#[cfg(test)]
pub(super) fn bundle(certificates: &[&str]) -> String {
    let pem = |body: &&str| format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    STANDARD.encode(certificates.iter().map(pem).collect::<String>())
}

/// A certificate that ended on 2026-01-01.
#[cfg(test)]
pub(super) const ENDED: &str = "MIIBRzCB7aADAgECAgEBMAoGCCqGSM49BAMCMBMxETAPBgNVBAMMCGd1YXJkLWNhMB4XDTI1MDEwMTAwMDAwMFoXDTI2MDEwMTAwMDAwMFowEzERMA8GA1UEAwwIZ3VhcmQtY2EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAT1eSNEsYuZtVl637wocs2Ncs/gWGDpE5EUcCfVD34G4XjlghsA53vKxdg/W9buD8YJp1WiDWMjNLeCtmR9n22IozIwMDAPBgNVHRMBAf8EBTADAQH/MB0GA1UdDgQWBBT62J5fXJ8sLC2rpCJZks/HDJrVTDAKBggqhkjOPQQDAgNJADBGAiEAk7D3f7R8I+EIty8LE5NhHHXyWe+L/PHyqaHRrQEgYlgCIQCb4g7g23iN/kyG+UwNvLpHZ9y4XJqm1IwyHGdEfexs9w==";

/// A certificate that ends on 2056-01-01.
#[cfg(test)]
pub(super) const LASTING: &str = "MIIBSDCB76ADAgECAgECMAoGCCqGSM49BAMCMBMxETAPBgNVBAMMCGd1YXJkLWNhMCAXDTI2MDEwMTAwMDAwMFoYDzIwNTYwMTAxMDAwMDAwWjATMREwDwYDVQQDDAhndWFyZC1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPV5I0Sxi5m1WXrfvChyzY1yz+BYYOkTkRRwJ9UPfgbheOWCGwDne8rF2D9b1u4PxgmnVaINYyM0t4K2ZH2fbYijMjAwMA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFPrYnl9cnywsLaukIlmSz8cMmtVMMAoGCCqGSM49BAMCA0gAMEUCIQCGCUjkXYNMVm3gMVj1o1QN8dHnNOVOA33JsHYu8igusQIgIVQBe/BOc8a+GpWMISgwcU7q50Ek7vNHidQJDb6hiq4=";

#[cfg(test)]
mod tests {
    use super::{ENDED, LASTING, bundle, decoded, end, last_end};

    fn said(certificates: &[&str]) -> Option<String> {
        last_end(&bundle(certificates)).map(|t| t.to_string())
    }

    #[test]
    fn the_last_one_of_a_bundle_counts() {
        assert_eq!(said(&[ENDED]).as_deref(), Some("2026-01-01T00:00:00Z"));
        assert_eq!(said(&[ENDED, LASTING]).as_deref(), Some("2056-01-01T00:00:00Z"));
    }

    #[test]
    fn what_cannot_be_read_has_no_end() {
        assert_eq!(said(&[ENDED, "bm9uZQ=="]), None);
        assert_eq!((said(&[]), last_end("Cg=="), last_end("?")), (None, None, None));
    }

    #[test]
    fn no_length_leads_out_of_the_certificate() {
        let der = decoded(ENDED).expect("base64");
        assert!((0..der.len()).all(|cut| end(&der[..cut]).is_none()));
        for at in 0..der.len() {
            let mut broken = der.clone();
            broken[at] = 0xff;
            let _ = end(&broken);
        }
    }
}
