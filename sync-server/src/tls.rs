//! The relay's certificate.

use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::Error;
use crate::file::File;

/// The TLS settings and the pin: BLAKE3-128 of the public key's SPKI. Made once and kept.
pub(crate) fn identity(file: &File) -> Result<(ServerConfig, [u8; 16]), Error> {
    let fault = |error: &dyn std::fmt::Display| Error::Certificate(error.to_string());
    let key = file.own_or("tls_key", || Ok(KeyPair::generate().map_err(|e| fault(&e))?.serialize_der()))?;
    let pair = KeyPair::try_from(key.as_slice()).map_err(|e| fault(&e))?;
    let certificate = file.own_or("tls_certificate", || {
        // The name does not matter: callers compare the key.
        let params = CertificateParams::new(vec!["wakuncar.invalid".to_owned()]).map_err(|e| fault(&e))?;
        Ok(params.self_signed(&pair).map_err(|e| fault(&e))?.der().to_vec())
    })?;
    let mut pin = [0; 16];
    pin.copy_from_slice(&blake3::hash(&pair.subject_public_key_info()).as_bytes()[..16]);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| fault(&e))?
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key)))
        .map_err(|e| fault(&e))?;
    Ok((config, pin))
}
