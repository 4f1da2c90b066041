//! Which scheme a name stands for: CVE version types, package URL types, OSV ecosystems.

use super::Scheme;

impl Scheme {
    /// The name used in explanations and files, in kebab case: `maven`, `deb`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Semver => "semver",
            Self::Go => "go",
            Self::Pep440 => "pep440",
            Self::Maven => "maven",
            Self::Nuget => "nuget",
            Self::Gem => "gem",
            Self::Composer => "composer",
            Self::Deb => "deb",
            Self::Rpm => "rpm",
            Self::Apk => "apk",
            Self::Alpm => "alpm",
            Self::Cran => "cran",
            Self::Gentoo => "gentoo",
            Self::Conda => "conda",
            Self::Hackage => "hackage",
            Self::Openssl => "openssl",
            Self::Jvm => "jvm",
            Self::Lexicographic => "lexicographic",
            Self::Datetime => "datetime",
            Self::Git => "git",
            Self::Generic => "generic",
            Self::Pub => "pub",
            Self::Bitnami => "bitnami",
            Self::Conan => "conan",
            Self::Intdot => "intdot",
        }
    }

    /// The scheme of a CVE record's `versionType` (CVE Record Format 5.x, `affected[].versions[]`): free text in practice.
    ///
    /// `custom`, and whatever is unknown, is [`Scheme::Generic`].
    pub fn from_cve_version_type(version_type: &str) -> Self {
        match version_type.trim().to_ascii_lowercase().as_str() {
            // The kernel's CNA marks its release numbers with the kind of commit that they stand for.
            "semver"
            | "semantic"
            | "npm"
            | "node"
            | "cargo"
            | "crates.io"
            | "crates"
            | "rust"
            | "hex"
            | "swift"
            | "original_commit_for_fix" => Self::Semver,
            "pub" | "dart" => Self::Pub,
            "go" | "golang" | "gomod" => Self::Go,
            "python" | "pep440" | "pep-440" | "pypi" | "pip" => Self::Pep440,
            "maven" => Self::Maven,
            "nuget" => Self::Nuget,
            "gem" | "ruby" | "rubygems" => Self::Gem,
            "composer" | "packagist" => Self::Composer,
            "deb" | "dpkg" | "debian" | "ubuntu" => Self::Deb,
            "rpm" | "rpm-evr" => Self::Rpm,
            "apk" | "alpine" => Self::Apk,
            "alpm" | "arch" => Self::Alpm,
            "cran" => Self::Cran,
            "gentoo" | "ebuild" | "portage" => Self::Gentoo,
            "conda" => Self::Conda,
            "conan" => Self::Conan,
            "hackage" => Self::Hackage,
            "openssl" => Self::Openssl,
            "jvm" | "jre" | "jdk" => Self::Jvm,
            "date" | "datetime" => Self::Datetime,
            "git" | "commit" | "sha1" => Self::Git,
            "lexicographic" => Self::Lexicographic,
            "intdot" => Self::Intdot,
            _ => Self::Generic,
        }
    }

    /// The scheme of a package URL type (purl-spec, "Package URL types"); [`Scheme::Generic`] for types without one.
    pub fn of_purl_type(purl_type: &str) -> Self {
        match purl_type.to_ascii_lowercase().as_str() {
            "npm" | "cargo" | "hex" | "swift" | "julia" | "elm" | "vscode-extension" => Self::Semver,
            "pub" => Self::Pub,
            "bitnami" => Self::Bitnami,
            "golang" => Self::Go,
            "pypi" => Self::Pep440,
            "maven" => Self::Maven,
            "nuget" => Self::Nuget,
            // CocoaPods compares with RubyGems' own code.
            "gem" | "cocoapods" => Self::Gem,
            "composer" => Self::Composer,
            "deb" => Self::Deb,
            "rpm" => Self::Rpm,
            "apk" => Self::Apk,
            "alpm" => Self::Alpm,
            "cran" => Self::Cran,
            "ebuild" => Self::Gentoo,
            "conda" => Self::Conda,
            "conan" => Self::Conan,
            "hackage" => Self::Hackage,
            _ => Self::Generic,
        }
    }

    /// The scheme of an OSV ecosystem, with or without its release (`Debian:12`); `None` for an ecosystem we do not know.
    ///
    /// Names are those of the OSV schema, section "Defined ecosystems"; their case counts.
    pub fn of_osv_ecosystem(ecosystem: &str) -> Option<Self> {
        let (name, release) = ecosystem.split_once(':').unwrap_or((ecosystem, ""));
        Some(match name {
            "npm" | "crates.io" | "Hex" | "SwiftURL" | "GitHub Actions" | "Julia" | "VSCode" | "Linux" | "GHC"
            | "Kubernetes" => Self::Semver,
            "Pub" => Self::Pub,
            "Bitnami" => Self::Bitnami,
            "Go" => Self::Go,
            "PyPI" => Self::Pep440,
            "Maven" => Self::Maven,
            "NuGet" => Self::Nuget,
            "RubyGems" => Self::Gem,
            "Packagist" => Self::Composer,
            "Debian" | "Ubuntu" | "Echo" => Self::Deb,
            "Red Hat" | "AlmaLinux" | "Rocky Linux" | "openSUSE" | "SUSE" | "Mageia" | "Photon OS" | "openEuler"
            | "Azure Linux" | "Amazon Linux" | "Oracle Linux" => Self::Rpm,
            "Alpine" | "Wolfi" | "Chainguard" | "Alpaquita" | "BellSoft Hardened Containers" | "MinimOS" => Self::Apk,
            "CRAN" | "Bioconductor" => Self::Cran,
            "Hackage" => Self::Hackage,
            "ConanCenter" => Self::Conan,
            // Root patches other ecosystems: `Root:Debian:12`, `Root:PyPI`.
            "Root" if !release.is_empty() => return Self::of_osv_ecosystem(release),
            "Android"
            | "CleanStart"
            | "Docker Hardened Images"
            | "FreeBSD"
            | "GIT"
            | "OSS-Fuzz"
            | "Root"
            | "TuxCare"
            | "opam" => Self::Generic,
            _ => return None,
        })
    }
}
