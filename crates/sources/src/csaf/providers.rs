//! Providers of CSAF documents that makers of devices ask: where their metadata lie, and why one asks them.

/// Providers by the name a source is given, the address of their metadata, and why they are monitored, as a sentence.
///
/// Addresses as the providers and the clients that follow them state them; where a provider moves, the domain alone works, too.
pub const CSAF_PROVIDERS: &[(&str, &str, &str)] = &[
    (
        "cisa-csaf",
        "https://www.cisa.gov/sites/default/files/csaf/provider-metadata.json",
        "CISA's ICS (ICSA) and ICS-Medical (ICSMA) advisories: industrial and medical devices of most makers.",
    ),
    (
        "red-hat-csaf",
        "https://security.access.redhat.com/data/csaf/v2/provider-metadata.json",
        "Red Hat's advisories and VEX document by document; the kind `red-hat` reads the same from its archive.",
    ),
    (
        "suse-csaf",
        "https://www.suse.com/.well-known/csaf/provider-metadata.json",
        "SUSE's own word on the packages of SLE and openSUSE, for devices and servers that run them.",
    ),
    (
        "microsoft-csaf",
        "https://msrc.microsoft.com/csaf/provider-metadata.json",
        "Microsoft's advisories and VEX, for workstations and servers with Windows, SQL Server or .NET.",
    ),
    (
        "siemens-csaf",
        "https://cert-portal.siemens.com/productcert/csaf/provider-metadata.json",
        "Siemens and Siemens Healthineers: controllers, networks, imaging and laboratory systems.",
    ),
    (
        "cisco-csaf",
        "https://www.cisco.com/.well-known/csaf/provider-metadata.json",
        "Cisco's advisories, for network equipment that a system is delivered with.",
    ),
    (
        "cert-bund-csaf",
        "https://wid.cert-bund.de/.well-known/csaf/provider-metadata.json",
        "BSI's warning and information service: the German view of all larger products, several hundred changes a week.",
    ),
    (
        "ncsc-nl-csaf",
        "https://advisories.ncsc.nl/csaf/provider-metadata.json",
        "NCSC-NL's advisories with the Dutch rating of chance and damage.",
    ),
    (
        "cert-vde-csaf",
        "https://certvde.csaf-tp.certvde.com/.well-known/csaf/provider-metadata.json",
        "CERT@VDE: automation components of small and medium makers who publish nowhere else.",
    ),
    (
        "schneider-csaf",
        "https://www.se.com/.well-known/csaf/provider-metadata.json",
        "Schneider Electric: power supply, building and automation components.",
    ),
    ("abb-csaf", "https://psirt.abb.com/csaf/provider-metadata.json", "ABB: drives, robots and power components."),
    (
        "sick-csaf",
        "https://www.sick.com/.well-known/csaf/provider-metadata.json",
        "SICK: sensors and safety controllers.",
    ),
    (
        "nozomi-csaf",
        "https://csaf.data.security.nozominetworks.com/provider-metadata.json",
        "Nozomi Networks: monitoring of operational networks.",
    ),
    (
        "open-xchange-csaf",
        "https://www.open-xchange.com/.well-known/csaf/provider-metadata.json",
        "Open-Xchange: mail servers (Dovecot, PowerDNS).",
    ),
    (
        "philips-csaf",
        "https://www.philips.com",
        "Philips, found below its domain; its devices' advisories are CISA's ICSMA documents as well.",
    ),
];
