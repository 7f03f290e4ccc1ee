-- Invented firms and people in the shape of the tax register's converters.
CREATE TABLE empresas (
  cnpj TEXT, matriz_filial TEXT, razao_social TEXT, nome_fantasia TEXT, situacao TEXT, data_situacao TEXT,
  motivo_situacao TEXT, nm_cidade_exterior TEXT, cod_pais TEXT, nome_pais TEXT, cod_nat_juridica TEXT,
  data_inicio_ativ TEXT, cnae_fiscal TEXT, tipo_logradouro TEXT, logradouro TEXT, numero TEXT, complemento TEXT,
  bairro TEXT, cep TEXT, uf TEXT, cod_municipio TEXT, municipio TEXT, ddd_1 TEXT, telefone_1 TEXT, ddd_2 TEXT,
  telefone_2 TEXT, ddd_fax TEXT, num_fax TEXT, email TEXT, qualif_resp TEXT, capital_social BIGINT, porte TEXT,
  opc_simples TEXT, data_opc_simples TEXT, data_exc_simples TEXT, opc_mei TEXT, sit_especial TEXT,
  data_sit_especial TEXT
);
CREATE TABLE socios (
  cnpj TEXT, tipo_socio TEXT, nome_socio TEXT, cnpj_cpf_socio TEXT, cod_qualificacao TEXT, perc_capital FLOAT,
  data_entrada TEXT, cod_pais_ext TEXT, nome_pais_ext TEXT, cpf_repres TEXT, nome_repres TEXT, cod_qualif_repres TEXT
);
CREATE TABLE tmp_cnpjs (cnpj VARCHAR, grupo VARCHAR, camada INTEGER);
INSERT INTO tmp_cnpjs VALUES ('1', 'a', 1);

INSERT INTO empresas VALUES
  ('11222333000181', '1', 'ALFA INVENTADA LTDA', 'ALFA', '02', '20050301', '00', '', '', '', '2062', '19980201',
   '6201501', 'RUA', 'DAS FLORES', '12', 'SALA 3', 'CENTRO', '1310100', 'SP', '7107', 'SAO PAULO', '11', '33334444', '',
   '', '', '', 'contato@alfa.example', '49', 150000, '05', '0', '', '', 'N', '', ''),
  ('11222333000262', '2', 'ALFA INVENTADA LTDA', 'ALFA NORTE', '08', '20100630', '01', '', '', '', '2062', '20010101',
   '6201501', '', '', '', '', '', '69005070', 'AM', '0255', 'MANAUS', '', '', '', '', '', '', 'alfa@gmail.com', '49', 150000,
   '05', '0', '', '', '', '', ''),
  ('44555666000105', '1', 'BETO FICTICIO 12345678909', '', '04', '20190101', '63', '', '', '', '2135', '20150101',
   '4774100', '', 'AZUL', '14', '', '', '', 'EX', '', 'ORLA', '', '', '', '', '', '', '', '50', 0, '01', '5', '', '', 'S', '', '');

INSERT INTO socios VALUES
  ('11222333000181', '2', 'ANA INVENTADA', '***123456**', '49', 0.0, '20050301', '', '', '', '', '00'),
  ('11222333000262', '2', 'ANA INVENTADA', '***123456**', '49', 0.0, '20050301', '', '', '', '', '00'),
  ('44555666000105', '2', 'Ana Inventada', '***123456**', '22', 0.0, '20150101', '', '', '', '', '00'),
  ('44555666000105', '2', 'ANA INVENTADA', '***999999**', '10', 0.0, '20150101', '', '', '***111111**', 'CARLA FICTICIA', '15'),
  ('44555666000105', '1', 'GAMA FICTICIA SA', '33000167000101', '22', 0.0, '20150101', '', '', '', '', '05'),
  ('44555666000105', '3', 'DELTA ABROAD INC', '99999999999', '37', 0.0, '20150101', '', '', '', '', '17');
